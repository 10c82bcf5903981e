//! What a step asks for, where names and keys may be unknown.

use kms_alias::{AliasName, KeyArn, KeyId, KeyState, Operation, Refusal};

use super::facts::KeyFacts;
use super::name_form::NameForm;
use super::outcome::Fact;
use super::place::Place;

/// What a step asks for.
///
/// Names and keys are given as text, and the text is judged as KMS judges it: a malformed name is
/// a step that is refused, not an input that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// A request whose shape is known to be right, with every name and key known.
    Operation(Operation),
    /// A request that KMS refuses for its shape, whatever stands in the account.
    Malformed {
        /// The name of the operation.
        operation: Box<str>,
        /// Why it is refused.
        refusal: Refusal,
    },
    /// CreateAlias.
    CreateAlias {
        /// The name of the new alias.
        alias_name: NameReference,
        /// The key that it is to name.
        target_key_id: KeyReference,
    },
    /// UpdateAlias.
    UpdateAlias {
        /// The name of the alias.
        alias_name: NameReference,
        /// The key that it is to name.
        target_key_id: KeyReference,
    },
    /// DeleteAlias.
    DeleteAlias {
        /// The name of the alias.
        alias_name: NameReference,
    },
    /// EnableKey.
    EnableKey {
        /// The key.
        key_id: KeyReference,
    },
    /// DisableKey.
    DisableKey {
        /// The key.
        key_id: KeyReference,
    },
    /// ScheduleKeyDeletion.
    ScheduleKeyDeletion {
        /// The key.
        key_id: KeyReference,
        /// The waiting period in days; KMS's 30 if absent (rule S4).
        pending_window_in_days: Option<i64>,
    },
    /// CancelKeyDeletion.
    CancelKeyDeletion {
        /// The key.
        key_id: KeyReference,
    },
    /// The deletion of a key is carried out, and its aliases go with it (rule S5).
    DeleteKey {
        /// The key.
        key_id: KeyReference,
    },
    /// A key's state changes from outside, as [`Operation::SetKeyState`] says.
    SetKeyState {
        /// The key.
        key_id: KeyReference,
        /// The state that it now has.
        state: KeyState,
    },
    /// CreateKey: refused if there can be no such key (rule M).
    ///
    /// Other steps name the key by [`KeyReference::MadeBy`] and the index of this step. If it is
    /// refused there is no such key, and what names it is refused too (rule T1).
    CreateKey {
        /// What is known of the key once it is made. That it exists and is customer managed is
        /// known; its state is its first (`Enabled`, or `PendingImport` for imported key
        /// material) unless the facts say otherwise. A fact that is not known may be any that KMS
        /// has.
        key: KeyFacts,
        /// The facts of which the value is not known and may be a text that KMS does not take (rule
        /// K7): of the key spec, the key usage and the origin. With the key state among them the key
        /// may be disabled once it is made, or its key material imported: a tool asks for that by a
        /// value which is not known.
        open: Vec<Fact>,
    },
    /// ReplicateKey, which makes a replica where the step runs and is asked where the primary key is
    /// (rules T1, S8, M).
    ///
    /// A replica has the ID, key spec, key usage and origin of its primary key (rule K2). What names
    /// it, by its ID or by [`KeyReference::MadeBy`], finds what then stands there under that ID: so
    /// too a replica that stood there before, for which this request is refused.
    ReplicateKey {
        /// What else is known of the replica once it is made: its state, or whether it is enabled. Of
        /// a primary key that is not known, its key spec, key usage and origin.
        key: KeyFacts,
        /// The primary key: of an ARN the key ID counts. One that is not known, but to be an enabled
        /// primary key, is taken to be in another Region of the partition, without a replica in
        /// this one (ours).
        primary: KeyReference,
        /// Where the primary key is.
        primary_place: Place,
        /// With the key state among them it is not known whether the replica is disabled once it is
        /// made, or its key material imported. Of no other fact a value is asked for.
        open: Vec<Fact>,
    },
}

impl Request {
    /// The name of the operation.
    #[must_use]
    pub fn operation(&self) -> &str {
        match self {
            Self::Operation(operation) => operation.name(),
            Self::Malformed { operation, .. } => operation,
            Self::CreateAlias { .. } => "CreateAlias",
            Self::UpdateAlias { .. } => "UpdateAlias",
            Self::DeleteAlias { .. } => "DeleteAlias",
            Self::EnableKey { .. } => "EnableKey",
            Self::DisableKey { .. } => "DisableKey",
            Self::ScheduleKeyDeletion { .. } => "ScheduleKeyDeletion",
            Self::CancelKeyDeletion { .. } => "CancelKeyDeletion",
            Self::DeleteKey { .. } => "DeleteKey",
            Self::SetKeyState { .. } => "SetKeyState",
            Self::CreateKey { .. } => "CreateKey",
            Self::ReplicateKey { .. } => "ReplicateKey",
        }
    }

    /// The name and the key that a request gives, which need not be known; of a request that is
    /// known whole, and of one that is malformed or makes a key, neither.
    ///
    /// ```
    /// use kms_alias_foresee::verdict::{NameReference, Request};
    ///
    /// let request = Request::DeleteAlias { alias_name: NameReference::Text("alias/a".into()) };
    /// assert!(matches!(request.references(), (Some(NameReference::Text(_)), None)));
    /// ```
    #[must_use]
    pub const fn references(&self) -> (Option<&NameReference>, Option<&KeyReference>) {
        match self {
            Self::CreateAlias {
                alias_name,
                target_key_id,
            }
            | Self::UpdateAlias {
                alias_name,
                target_key_id,
            } => (Some(alias_name), Some(target_key_id)),
            Self::DeleteAlias { alias_name } => (Some(alias_name), None),
            Self::EnableKey { key_id }
            | Self::DisableKey { key_id }
            | Self::ScheduleKeyDeletion { key_id, .. }
            | Self::CancelKeyDeletion { key_id }
            | Self::DeleteKey { key_id }
            | Self::SetKeyState { key_id, .. } => (None, Some(key_id)),
            Self::Operation(_)
            | Self::Malformed { .. }
            | Self::CreateKey { .. }
            | Self::ReplicateKey { .. } => (None, None),
        }
    }
}

impl Request {
    /// The alias name that a request gives, where it is known: as text, which may be no name.
    ///
    /// ```
    /// use kms_alias_foresee::verdict::{NameReference, Request};
    ///
    /// let request = Request::DeleteAlias { alias_name: NameReference::Text("alias/a".into()) };
    /// assert_eq!(request.alias_name(), Some("alias/a"));
    /// ```
    #[must_use]
    pub fn alias_name(&self) -> Option<&str> {
        match (self, self.references().0) {
            (Self::Operation(operation), _) => operation.alias_name().map(AliasName::as_str),
            (_, Some(NameReference::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// The ID of the key that a request names by its ID or ARN, where that is known: of an ARN its
    /// account and Region are not asked. Of ReplicateKey there is none.
    ///
    /// ```
    /// use kms_alias::KeyId;
    /// use kms_alias_foresee::verdict::{KeyReference, Request};
    ///
    /// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// let arn = format!("arn:aws:kms:eu-west-3:111122223333:key/{key_id}");
    /// let request = Request::EnableKey { key_id: arn.as_str().into() };
    /// assert_eq!(request.key_id(), Some(key_id));
    /// ```
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        match (self, self.references().1) {
            (Self::Operation(operation), _) => operation.named_key().map(|key| key.key_id()),
            (_, Some(KeyReference::Text(text))) => {
                let arn = || text.parse::<KeyArn>().ok().map(|arn| arn.key_id());
                text.parse().ok().or_else(arn)
            }
            _ => None,
        }
    }
}

impl From<Operation> for Request {
    fn from(operation: Operation) -> Self {
        Self::Operation(operation)
    }
}

/// An alias name in a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NameReference {
    /// The member is not there.
    Absent,
    /// The text, whatever it is.
    Text(Box<str>),
    /// A name that is not known.
    Unknown(UnknownName),
}

/// An alias name that is not known: a sensitive value, or one that is known after apply.
///
/// It may be any text that begins with what is known of it: free, taken, the name of another step,
/// reserved (rule A4) or none that KMS takes (rules A1 to A3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownName {
    /// What stands for the name in output. Equal labels are the same name.
    pub label: Box<str>,
    /// What the name is known to begin with; empty if nothing is known.
    pub prefix: Box<str>,
    /// Whether the name is made to differ from every other (a prefix with a unique suffix, of 26
    /// characters that names have, as Terraform makes it): then it is not taken, and whether KMS
    /// takes it follows from the prefix, where that is known.
    pub is_unique: bool,
    /// What else is known of its text; of a name that is unique nothing is asked.
    pub form: NameForm,
}

/// A key in a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyReference {
    /// The member is not there.
    Absent,
    /// The text, whatever it is: a key ID, a key ARN or something that KMS refuses.
    Text(Box<str>),
    /// The key that the step of this index makes, by CreateKey or ReplicateKey.
    MadeBy(usize),
    /// A key that could not be followed.
    Unknown(UnknownKey),
}

/// A key that a request names by a value which is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownKey {
    /// What stands for the key in output, such as the reference that could not be followed. Equal
    /// labels are the same key.
    pub label: Box<str>,
    /// What is known of it.
    ///
    /// It may be any key of its place: one that stands, one that a step makes, which then comes
    /// first, or another that is not known. So a quota of aliases can be full for it (rule T6), and
    /// where one could be, the verdict depends on its [identity](super::Fact::Identity). What the run
    /// does to the state of a key is judged as if this were none of the others (ours).
    pub facts: KeyFacts,
    /// What it is a value of, together with others: keys of one series, such as the elements of one
    /// map at different indexes, are taken to be different keys (ours).
    pub series: Option<Box<str>>,
}

impl From<&str> for NameReference {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<&str> for KeyReference {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}
