//! Details of a key that no rule depends on.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::named::UnknownName;
use super::time::Timestamp;
use crate::identifier::Region;

/// What is known of a key that no rule depends on.
///
/// ```
/// use kms_alias::{KeyArn, KeyDetails, KeyMetadata};
///
/// let arn = KeyArn::from_static(
///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
/// );
/// let details = KeyDetails { description: "payments".into(), ..KeyDetails::default() };
/// let key = KeyMetadata::builder(arn).details(details).build()?;
/// assert_eq!(key.details().description, "payments");
/// # Ok::<(), kms_alias::ImpossibleKey>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct KeyDetails {
    /// The description.
    pub description: String,
    /// Which key material is in use; shown of symmetric encryption keys that have or had key
    /// material.
    pub current_key_material_id: Option<KeyMaterialId>,
    /// Of a replica: the Region of the primary key.
    pub primary_region: Option<Region>,
    /// Of a multi-Region key: the Regions of the replicas, as far as they are known.
    pub replica_regions: Vec<Region>,
    /// The tags, key and value, in the order of their keys.
    pub tags: Vec<(String, String)>,
    /// The key policy, if it is not the default; it is stored, and never evaluated.
    pub policy: Option<String>,
    /// The automatic rotation, where it is enabled.
    pub rotation: Option<Rotation>,
    /// When the rotation on demand that is under way began.
    pub on_demand_rotation: Option<Timestamp>,
}

/// The automatic rotation of a key's material.
///
/// ```
/// use kms_alias::{Rotation, Timestamp};
///
/// let rotation = Rotation::new(90, Timestamp::from_millis(0));
/// assert_eq!(rotation.next().as_millis(), 90 * 24 * 60 * 60 * 1000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rotation {
    /// The days between two rotations.
    pub period_in_days: u16,
    /// When it was enabled, or last given a period.
    pub since: Timestamp,
}

impl Rotation {
    /// A rotation every `period_in_days` days, counted from `since`.
    #[must_use]
    pub const fn new(period_in_days: u16, since: Timestamp) -> Self {
        Self {
            period_in_days,
            since,
        }
    }

    /// When the next rotation is due.
    #[must_use]
    pub fn next(&self) -> Timestamp {
        self.since.plus_days(self.period_in_days)
    }
}

impl KeyDetails {
    /// The details of a key of which none are known.
    pub(super) const NONE: &'static Self = &Self {
        description: String::new(),
        current_key_material_id: None,
        primary_region: None,
        replica_regions: Vec::new(),
        tags: Vec::new(),
        policy: None,
        rotation: None,
        on_demand_rotation: None,
    };
}

/// The ID of key material: 64 lower-case hex digits.
///
/// ```
/// use kms_alias::KeyMaterialId;
///
/// let id = KeyMaterialId::new([0xab; 32]);
/// assert_eq!(id.to_string(), "ab".repeat(32));
/// assert_eq!("ab".repeat(32).parse(), Ok(id));
/// assert_eq!(id.as_bytes(), &[0xab; 32]);
/// assert!("abc".parse::<KeyMaterialId>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyMaterialId([u8; 32]);

impl KeyMaterialId {
    /// The ID of these 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes that the hex digits stand for.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for KeyMaterialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 64];
        let pairs = digits.as_chunks_mut::<2>().0;
        for (pair, byte) in pairs.iter_mut().zip(self.0) {
            *pair = [byte >> 4, byte & 15].map(|half| match half {
                0..10 => b'0' | half,
                _ => half.wrapping_add(b'a' - 10),
            });
        }
        f.pad(core::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl fmt::Debug for KeyMaterialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyMaterialId(\"{self}\")")
    }
}

impl FromStr for KeyMaterialId {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = |text: &str| {
            let mut bytes = [0; 32];
            let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
                return None;
            };
            if pairs.len() != bytes.len() || text.contains('+') {
                return None;
            }
            for (byte, pair) in bytes.iter_mut().zip(pairs) {
                *byte = u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()?;
            }
            Some(Self(bytes))
        };
        // Only lower case: upper-case digits would be printed differently than they were read.
        bytes(text)
            .filter(|id| id.to_string() == text)
            .ok_or_else(|| UnknownName::new("key material ID", text, &[]))
    }
}
