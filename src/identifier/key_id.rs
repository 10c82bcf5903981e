//! Key IDs (rules K1, K2).

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use super::doors::{parse_doors, static_doors};
use super::grammar::{Form, diagnose};
use super::invalid::ParseError;
use super::scan;

/// A key ID: a UUID, or `mrk-` and 32 hex digits for a multi-Region key.
///
/// # Syntax
/// Lower-case hex digits grouped 8-4-4-4-12 (rule K1), or `mrk-` and 32 of them (rule K2).
///
/// # Errors
/// - `1234ABCD-12ab-34cd-56ef-1234567890ab`: upper case (K1)
/// - `mrk-1234`: too short (K2)
///
/// # Ordering
/// Byte order of the text, so multi-Region keys come last.
///
/// ```
/// use kms_alias::KeyId;
///
/// let key_id: KeyId = "1234abcd-12ab-34cd-56ef-1234567890ab".parse()?;
/// assert!(!key_id.is_multi_region());
/// assert_eq!(key_id.to_string(), "1234abcd-12ab-34cd-56ef-1234567890ab");
/// const REPLICATED: KeyId = KeyId::from_static("mrk-1234abcd12ab34cd56ef1234567890ab");
/// assert!(key_id < REPLICATED);
/// assert!(!KeyId::is_valid("mrk-1234")); // rule K2
///
/// let zeros = KeyId::new([0; 16], true);
/// assert_eq!(zeros, "mrk-00000000000000000000000000000000");
/// assert_eq!(zeros.as_bytes(), &[0; 16]);
/// assert_eq!(zeros.encode(&mut [0; 36]).as_bytes(), zeros.to_ascii());
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// Aligned, so that it is moved as whole words.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C, align(4))]
pub struct KeyId {
    bytes: [u8; 16],
    multi_region: bool,
}

parse_doors!(KeyId);
static_doors!(KeyId, "key ID", "rules K1 and K2");

impl KeyId {
    /// A key ID of these 16 bytes, multi-Region or not.
    #[must_use]
    pub const fn new(bytes: [u8; 16], multi_region: bool) -> Self {
        Self {
            multi_region,
            bytes,
        }
    }

    #[inline(always)]
    const fn from_bytes(text: &[u8]) -> Option<Self> {
        match scan::key_id(text) {
            Some((bytes, multi_region)) => Some(Self::new(bytes, multi_region)),
            None => None,
        }
    }

    /// Whether a text is a key ID; allocates nothing.
    #[must_use]
    pub const fn is_valid(text: &str) -> bool {
        scan::key_id(text.as_bytes()).is_some()
    }

    /// The 16 bytes that the hex digits stand for.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    /// Whether this is the ID of a multi-Region key (rule K2).
    #[must_use]
    pub const fn is_multi_region(&self) -> bool {
        self.multi_region
    }

    /// Writes the text into a buffer, without an allocation.
    #[must_use]
    #[inline]
    pub fn encode<'a>(&self, buffer: &'a mut [u8; 36]) -> &'a str {
        *buffer = self.to_ascii();
        core::str::from_utf8(buffer).unwrap_or_default()
    }

    /// The text as bytes, all of them ASCII: for a buffer or a socket, where no `str` is needed.
    #[must_use]
    #[inline]
    pub const fn to_ascii(&self) -> [u8; 36] {
        scan::key_id_text(&self.bytes, self.multi_region)
    }
}

impl Ord for KeyId {
    fn cmp(&self, other: &Self) -> Ordering {
        // `mrk-` sorts after all hex digits.
        let order = |key_id: &Self| (key_id.multi_region, u128::from_be_bytes(key_id.bytes));
        order(self).cmp(&order(other))
    }
}

impl PartialOrd for KeyId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for KeyId {
    // The bytes as one word. Hashing whether the key is multi-Region would not spread the hashes
    // more.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from_ne_bytes(self.bytes));
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.encode(&mut [0; 36]))
    }
}

impl PartialEq<str> for KeyId {
    fn eq(&self, other: &str) -> bool {
        self.encode(&mut [0; 36]) == other
    }
}
