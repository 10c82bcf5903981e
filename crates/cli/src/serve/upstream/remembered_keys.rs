//! What is remembered of keys from one request to the next: what of a key never changes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kms_alias::{KeyArn, KeyMetadata};

/// So many keys are remembered, some 3 MiB; then all are forgotten, and asked for again.
const MOST_KEYS: usize = 10_000;

/// Keys as they were described once. Their spec and their usage stay as long as they do, so the key
/// that an alias is moved away from need not be asked for each time (rules U3, U4). Of a target the
/// state counts as well, and that is always asked for.
pub(crate) struct RememberedKeys(Mutex<HashMap<KeyArn, KeyMetadata>>);

impl RememberedKeys {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    pub(crate) fn remember(&self, key: &KeyMetadata) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MOST_KEYS {
            keys.clear();
        }
        keys.insert(key.arn(), key.clone());
    }

    pub(crate) fn get(&self, key: KeyArn) -> Option<KeyMetadata> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&key).cloned()
    }

    /// Another KMS may answer from now on, such as the same one with other keys of the same IDs.
    pub(crate) fn forget(&self) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.clear();
    }
}
