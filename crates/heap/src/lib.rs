//! How the process holds memory.
//!
//! A photo takes some big buffers for a moment. When glibc frees a big one that was mapped alone, it maps the next ones of that size no
//! more, and lets each heap keep twice as much at its end; and it gives each of many threads a heap of its own, whose end is then kept
//! too. `docs/performance.md` has what that makes of 64 uploads at once, and why not every buffer is mapped alone: the system clears
//! each page anew, which costs a sixth of a photo's processor time.

/// What a heap keeps at its end when everything there was freed, in bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: std::ffi::c_int = 8 << 20;

/// From this size on a buffer is mapped alone, in bytes: the most that glibc takes. To say it keeps glibc from changing both.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAPPED_FROM: std::ffi::c_int = 32 << 20;

/// Has memory given back when much of it is free. Called once, at the start. Does nothing where the allocator is not glibc's.
pub fn give_back_what_is_free() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let heaps = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let heaps = std::ffi::c_int::try_from(heaps).unwrap_or(std::ffi::c_int::MAX);
        let settings =
            [(libc::M_MMAP_THRESHOLD, MAPPED_FROM), (libc::M_TRIM_THRESHOLD, KEPT), (libc::M_ARENA_MAX, heaps)];
        for (setting, value) in settings {
            // SAFETY: `mallopt` takes two numbers, locks the allocator's state, and refuses what it does not know.
            #[expect(unsafe_code, reason = "the standard library has no way to say it")]
            let taken = unsafe { libc::mallopt(setting, value) };
            debug_assert_eq!(taken, 1, "glibc refuses {value} for {setting}");
        }
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    /// Of this process, in kB.
    fn resident() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Left to itself, glibc keeps all of the second one, as it has seen the first one freed.
    #[test]
    fn what_a_photo_took_goes_back_when_it_is_done() {
        super::give_back_what_is_free();
        let before = resident();
        for megabytes in [30, 28, 26] {
            drop(std::hint::black_box(vec![1_u8; megabytes << 20]));
        }
        let stayed = resident() - before;
        assert!(stayed < 10 << 10, "{stayed} kB stayed");
    }
}
