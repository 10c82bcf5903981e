//! Closed lists of names, as AWS writes them.

use alloc::boxed::Box;

/// A name that is not in the list that this version knows.
///
/// AWS adds key specs, usages and states over time, so the error names what it did not know, and
/// what it knows.
///
/// ```
/// use kms_alias::KeyType;
///
/// let error = "RSA".parse::<KeyType>().unwrap_err();
/// let words = "unknown key type `RSA`: known are symmetric encryption, asymmetric, HMAC";
/// assert_eq!(error.to_string(), words);
/// assert_eq!(error.name(), "RSA");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("unknown {what} `{name}`{}{}", if known.is_empty() { "" } else { ": known are " }, known.join(", "))]
pub struct UnknownName {
    what: &'static str,
    name: Box<str>,
    known: &'static [&'static str],
}

impl UnknownName {
    /// The error about a name that is no `what`, such as "key state", of which `known` are known.
    #[must_use]
    pub fn new(what: &'static str, name: &str, known: &'static [&'static str]) -> Self {
        Self {
            what,
            name: name.into(),
            known,
        }
    }

    /// The name that is not known.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Defines an enum of such names, with conversions from and to text.
macro_rules! named {
    (
        $what:literal
        $(#[$meta:meta])*
        $type:ident { $($(#[$doc:meta])* $name:ident $text:expr,)* }
    ) => {
        $(#[$meta])*
        ///
        /// Each is written and read by its name:
        ///
        /// ```
        #[doc = concat!("use kms_alias::", stringify!($type), ";")]
        ///
        #[doc = concat!("for (value, name) in ", stringify!($type), "::ALL.iter().zip(", stringify!($type), "::NAMES) {")]
        ///     assert_eq!(value.as_str(), *name);
        ///     assert_eq!(name.parse(), Ok(*value));
        /// }
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$doc])* $name,)*
        }

        impl $type {
            /// Every one that this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The names of all of them, as AWS writes them.
            pub const NAMES: &'static [&'static str] = &[$($text),*];

            /// The name as AWS writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = $crate::key::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut known = Self::NAMES.iter().zip(Self::ALL);
                known.find(|(name, _)| **name == text).map(|(_, known)| *known)
                    .ok_or_else(|| $crate::key::UnknownName::new($what, text, Self::NAMES))
            }
        }

        impl TryFrom<&str> for $type {
            type Error = $crate::key::UnknownName;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// A list of names as text.
macro_rules! names {
    ($($name:ident)*) => {
        &[$(stringify!($name)),*]
    };
}

pub(super) use {named, names};
