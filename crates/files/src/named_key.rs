//! The ID by which a text names a key: the text itself, or what follows in an ARN.

use kms_alias::KeyId;
use kms_alias_foresee::verdict::KeyReference;

/// The key that a key ID or a key ARN names.
pub(crate) fn key_id_in(text: &str) -> Option<KeyId> {
    text.rsplit(":key/").next()?.parse().ok()
}

/// The key of a known ID that a reference names.
pub(crate) fn standing_key(reference: &KeyReference) -> Option<KeyId> {
    match reference {
        KeyReference::Text(text) => key_id_in(text),
        KeyReference::MadeBy(_) | KeyReference::Absent | KeyReference::Unknown(_) => None,
    }
}
