//! What else is to be said of files and plans: findings that refuse nothing, each with its rule.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

macro_rules! advice_rules {
    ($($name:ident $text:literal)*) => {
        /// The number of a rule on what files and plans do that KMS does not refuse.
        ///
        /// ```
        /// use kms_alias_files::AdviceRule;
        ///
        /// assert_eq!(AdviceRule::F2.number(), "F2");
        /// assert!(AdviceRule::F2.text().contains("scheduled for deletion"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum AdviceRule {
            $(#[doc = $text] $name,)*
        }

        impl AdviceRule {
            /// Every rule, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The number as it is written, such as `"F2"`.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// What the rule says, in a sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

advice_rules! {
    F1 "A resource that takes a key is given the ARN of the key and not of an alias of it: the service stores the key's ARN, so that an alias ARN shows as a change in every plan, often as a replacement."
    F2 "A key is not scheduled for deletion in the run in which an alias moves away from it: what was encrypted or signed under it can no longer be used."
    F3 "After an alias moved, data that was made under the old key fails where a request names the alias: Decrypt with `KeyId`, Verify and VerifyMac."
    F4 "A multi-Region key that has an alias in one Region has an alias of that name beside its replica in the other Region: an alias is not replicated."
    F5 "What a plan's prior state says of a key or an alias is what the account says: where they differ the account is believed."
    F6 "A list is complete: what a list lacks whose last page is not there may exist all the same."
    F7 "The files of an account are of one time: an alias does not name a key that a complete list of keys lacks, and related multi-Region keys have one key spec, key usage and origin."
    F8 "A plan or template is followed as far as it can be read; what is left out is told. Of CreateKey and ReplicateKey the key policy, the tags, the custom key store, the rotation and the quota of keys are not judged, and no warning says so each time."
    F9 "CloudFormation refuses to change what a key is (`KeySpec`, `KeyUsage`, `Origin`, `MultiRegion`): the update fails, and the key stays as it is."
    F10 "Account files are newer than the deletion dates in them: a key whose deletion was due may be gone, and its aliases with it (S5)."
    F11 "A data source of Terraform that is read while a plan is applied finds the alias that it asks for: where none has the name, reading fails, and KMS is not asked for what needs it."
    F12 "A key is not disabled or scheduled for deletion while an alias stays on it: what names the alias is refused from then on (S6), and the alias goes with the key (S5)."
    F13 "Where the keys that a plan makes differ, an alias moves to the one of its own index (`each.key`, `count.index`), or of the index that a variable tells: a plan does not tell how an index is computed."
}

impl fmt::Display for AdviceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

/// What is to be said of a file or a step, with its rule; it refuses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The rule.
    pub rule: AdviceRule,
    /// The step that it is about: a Terraform address, a logical ID.
    pub address: Option<Box<str>>,
    /// What is wrong, and what to do.
    pub words: Box<str>,
    /// The steps of the run, by index, without which it does not hold: where one of them is refused
    /// nothing of it happens.
    pub steps: Vec<usize>,
    /// The steps of the run, by index, that have to be refused for it to hold.
    pub(crate) refused: Vec<usize>,
}

impl Advice {
    /// Advice on files as a whole.
    pub fn new(rule: AdviceRule, words: impl Into<Box<str>>) -> Self {
        Self {
            rule,
            address: None,
            words: words.into(),
            steps: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Advice on a step.
    pub fn about(address: &str, rule: AdviceRule, words: impl Into<Box<str>>) -> Self {
        Self {
            address: Some(address.into()),
            ..Self::new(rule, words)
        }
    }

    /// The same, if these steps happen.
    pub(crate) fn where_done(mut self, steps: &[usize]) -> Self {
        self.steps = steps.to_vec();
        self
    }

    /// The same, if KMS refuses this step.
    pub(crate) fn where_refused(mut self, step: usize) -> Self {
        self.refused.push(step);
        self
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(address) = &self.address {
            write!(f, "{address}: ")?;
        }
        write!(f, "{} (rule {})", self.words, self.rule)
    }
}
