//! Requests that race are judged one after the other.

use std::hash::{DefaultHasher, Hash, Hasher};

use kms_alias::Region;
use tokio::sync::{Mutex, MutexGuard};

/// So many Regions can share no turn by chance; their number is fixed, since clients make them up.
const COUNT: usize = 64;

/// A turn for each Region, of all its accounts: which account a request is about, only the other
/// KMS knows.
pub(crate) struct Turns([Mutex<()>; COUNT]);

impl Turns {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }

    /// Waits for the turn of a Region, which lasts as long as what is returned.
    pub(crate) async fn take(&self, region: Region) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        region.hash(&mut hasher);
        let [first, ..] = &self.0;
        let index = hasher.finish() % COUNT as u64;
        let chosen = usize::try_from(index)
            .ok()
            .and_then(|index| self.0.get(index));
        chosen.unwrap_or(first).lock().await
    }
}
