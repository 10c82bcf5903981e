//! Why an event cannot be held against the rules.

use core::fmt;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $words:literal)*) => {
        /// Why an event is not judged.
        ///
        /// ```
        /// use kms_alias_audit::NotJudged;
        ///
        /// assert!(NotJudged::RequestNotShown.to_string().contains("does not show the request"));
        /// assert!(NotJudged::ALL.contains(&NotJudged::RequestNotShown));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum NotJudged {
            $($(#[$doc])* $name,)*
        }

        impl NotJudged {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            const fn words(self) -> &'static str {
                match self {
                    $(Self::$name => $words,)*
                }
            }
        }
    };
}

reasons! {
    /// The operation is none that these rules speak of.
    NoRule "these rules do not speak of the operation"
    /// `requestParameters` is null or blacked out, as it is for requests that fail validation.
    RequestNotShown "the log does not show the request"
    /// IAM or the caller's credentials refused, before any rule was asked.
    Permission "refused for want of permission"
    /// AWS was busy or broken.
    Service "refused by a service that was busy or broken"
    /// A refusal for another reason than these rules know, such as a bad ciphertext.
    OutsideTheRules "refused for a reason that is outside these rules"
    /// Caller and key are of two accounts.
    OtherAccount "the caller, or what is named, is of another account"
    /// AWS's own doing on its own aliases and keys.
    ByAws "AWS's own doing"
    /// A key that exists, and of which neither account nor log say more.
    KeyNotDescribed "a key that exists and is not described"
    /// A key of which nothing is known: see [`Coverage::Part`](super::Coverage::Part).
    KeyNotKnown "a key of which nothing is known"
    /// An alias of which nothing is known: see [`Coverage::Part`](super::Coverage::Part).
    AliasNotKnown "an alias of which nothing is known"
    /// A key whose aliases are not all known, so that nobody can count them.
    QuotaNotKnown "a key whose aliases are not all known"
    /// A key whose state changes without an event: in a custom key store, or multi-Region.
    StateNotShown "a key whose state changes without an event"
}

impl NotJudged {
    /// Whether an event that comes first may be what is missing.
    pub(super) const fn is_want_of_knowledge(self) -> bool {
        matches!(
            self,
            Self::KeyNotDescribed
                | Self::KeyNotKnown
                | Self::AliasNotKnown
                | Self::QuotaNotKnown
                | Self::StateNotShown
        )
    }
}

impl fmt::Display for NotJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}
