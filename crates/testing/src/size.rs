//! How far a long test goes: in `cargo test` as far as finds the bug that it is for, and all the way
//! where `KMS_ALIAS_TEST_SIZE` is `full`, as `.ci/run` sets it.

/// The second of two sizes where the full size is asked for, and else the first.
///
/// # Panics
/// If `KMS_ALIAS_TEST_SIZE` is set to anything but `full`.
#[must_use]
pub fn size<T>(short: T, full: T) -> T {
    match std::env::var("KMS_ALIAS_TEST_SIZE").as_deref() {
        Ok("full") => full,
        Err(_) => short,
        Ok(other) => panic!("KMS_ALIAS_TEST_SIZE is `full` or not set: `{other}` is neither"),
    }
}
