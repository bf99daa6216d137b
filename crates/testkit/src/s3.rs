//! A place in an S3 store for each test.

use samspil_store::objects::{Objects, S3};

/// Where `cargo xtask test` and `cargo xtask postgres` say that a bucket is: `http://KEY:SECRET@HOST:PORT/BUCKET`.
const VARIABLE: &str = "SAMSPIL_TEST_S3";

/// A place of its own in the bucket that the environment names, if it names one.
///
/// # Panics
/// When what it names is no bucket.
pub fn place_in_bucket() -> Option<S3> {
    let url = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty())?;
    let parse = || {
        let (scheme, rest) = url.split_once("://")?;
        let (keys, rest) = rest.split_once('@')?;
        let (id, secret) = keys.split_once(':')?;
        let (host, bucket) = rest.split_once('/')?;
        Some(S3 {
            bucket: bucket.to_owned(),
            prefix: format!("test-{}", uuid::Uuid::new_v4().simple()),
            endpoint: format!("{scheme}://{host}"),
            region: String::new(),
            access_key: Some((id.to_owned(), secret.to_owned())),
            allow_http: scheme == "http",
        })
    };
    Some(parse().unwrap_or_else(|| panic!("{VARIABLE} is not http://KEY:SECRET@HOST:PORT/BUCKET")))
}

/// The same for a test that is of S3.
///
/// # Panics
/// When the environment names none: a test on S3 cannot pass then.
pub fn needs_bucket() -> S3 {
    place_in_bucket().unwrap_or_else(|| {
        panic!("{VARIABLE} names no bucket; run it by `cargo xtask test`, or `cargo xtask postgres -- …`, which start a store")
    })
}

/// The store that goes with PostgreSQL: S3, or a folder where there is none.
pub(crate) fn objects() -> Option<Objects> {
    let place = place_in_bucket();
    if place.is_none() {
        eprintln!("the objects of this test are in a folder: {VARIABLE} names no bucket (see `cargo xtask help`)");
    }
    place.map(|place| Objects::s3(&place).expect("a bucket"))
}
