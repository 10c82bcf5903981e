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
    NoRule "no rule is about the operation"
    /// `requestParameters` is null or blacked out, as it is for requests that fail validation.
    RequestNotShown "the log does not show the request"
    /// IAM or the caller's credentials refused, before any rule was asked.
    Permission "the caller lacked a permission"
    /// AWS was busy or broken.
    Service "AWS was busy, or had an internal error"
    /// A refusal for another reason than these rules know, such as a bad ciphertext.
    OutsideTheRules "AWS refused it for a reason that no rule is about"
    /// Caller and key are of two accounts.
    OtherAccount "the caller or the key is of another account"
    /// AWS's own doing on its own aliases and keys.
    ByAws "AWS did it itself"
    /// A key that exists, and of which neither account nor log say more.
    KeyNotDescribed "its key exists and is not described"
    /// A key of which nothing is known: see [`Coverage::Part`](super::Coverage::Part).
    KeyNotKnown "nothing is known of its key"
    /// An alias of which nothing is known: see [`Coverage::Part`](super::Coverage::Part).
    AliasNotKnown "nothing is known of its alias"
    /// A key whose aliases are not all known, so that nobody can count them.
    QuotaNotKnown "not all aliases of its key are known"
    /// A key whose state changes without an event: in a custom key store, or multi-Region.
    StateNotShown "the state of its key changes without an event"
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
