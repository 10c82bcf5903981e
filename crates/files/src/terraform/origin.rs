//! What a value that is known after apply can come from.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use super::read::Read;

/// What a value that is not known can come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A key that an instance of the plan makes, and how it is named.
    Key(usize, Form),
    /// A key by ID or ARN, or an alias in its place.
    Text(String),
    /// A key that is read or made by something that is not followed.
    Elsewhere {
        /// What stands for it.
        label: String,
        /// What is known of it, if it is read from KMS.
        read: Read,
        /// What it is an element of, if it is taken at an index that is computed.
        series: Option<String>,
    },
}

impl Origin {
    pub(super) const fn is_key(&self) -> bool {
        matches!(self, Self::Key(..))
    }

    /// A value of which the index depends on that of the resource: it differs between its instances.
    pub(super) fn at_index(self, index: &str) -> Self {
        match self {
            Self::Elsewhere {
                label,
                read,
                series,
            } => Self::Elsewhere {
                series: Some(series.unwrap_or_else(|| label.clone())),
                label: [&*label, " at ", index].concat(),
                read,
            },
            other => other,
        }
    }
}

/// How a value names a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// By its ID.
    Id,
    /// By its ARN, which says its account and Region.
    Arn,
    /// By the whole resource: which of its attributes is taken, is not seen.
    Either,
}

impl Form {
    pub(super) fn of(attribute: Option<&str>) -> Self {
        match attribute {
            Some("arn") => Self::Arn,
            Some(_) => Self::Id,
            None => Self::Either,
        }
    }
}

/// A key that can be named in two forms is one.
pub(super) fn each_key_once(found: BTreeSet<Origin>) -> BTreeSet<Origin> {
    let number = |origin: &Origin| match origin {
        Origin::Key(number, _) => Some(*number),
        _ => None,
    };
    let following = found.iter().skip(1);
    let mut pairs = found.iter().map(number).zip(following.map(number));
    if !pairs.any(|(one, next)| one.is_some() && one == next) {
        return found;
    }
    let mut forms: BTreeMap<usize, Form> = BTreeMap::new();
    let mut once = BTreeSet::new();
    for origin in found {
        match origin {
            Origin::Key(number, form) => {
                let known = forms.entry(number).or_insert(form);
                if *known != form {
                    *known = Form::Either;
                }
            }
            other => {
                once.insert(other);
            }
        }
    }
    once.extend(
        forms
            .into_iter()
            .map(|(number, form)| Origin::Key(number, form)),
    );
    once
}
