//! The contract, compiled: messages, clients and servers of every service, resource names, and the descriptor set that
//! reflection, validation and permissions are read from.
//!
//! The texts stand in `proto/`; nothing here is written by hand but [`names`] and [`time`]. To change the contract, change the
//! `.proto` file; `docs/adding-an-rpc.md` has the list of what follows.

pub mod names;
pub mod time;

macro_rules! package {
    ($($name:ident),*) => {$(
        #[doc = concat!("`samspil.", stringify!($name), "`.")]
        pub mod $name {
            #[doc = concat!("`samspil.", stringify!($name), ".v1`.")]
            #[allow(
                missing_docs,
                unreachable_pub,
                clippy::all,
                clippy::allow_attributes_without_reason,
                rustdoc::all,
                reason = "generated; the documentation is the contract's"
            )]
            pub mod v1 {
                include!(concat!(env!("OUT_DIR"), "/samspil.", stringify!($name), ".v1.rs"));
            }
        }
    )*};
}

package!(audit, careplan, common, directory, event, referral, review, trace, wound);

/// Every file of the contract with its imports and custom options, as an encoded `FileDescriptorSet`.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/samspil.bin"));

/// The descriptor set, decoded once.
///
/// # Panics
/// Never in a build that passed: the set is made by this crate's own build.
pub fn descriptors() -> &'static prost_reflect::DescriptorPool {
    static POOL: std::sync::LazyLock<prost_reflect::DescriptorPool> = std::sync::LazyLock::new(|| {
        prost_reflect::DescriptorPool::decode(DESCRIPTOR_SET).expect("the contract's own descriptors")
    });
    &POOL
}
