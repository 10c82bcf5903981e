//! The rules by number, on which every other module builds.
//!
//! Each rule has one line here. The words are a summary; the code that enforces a rule names its
//! number, and so does every error that it raises.

use core::fmt;

macro_rules! rules {
    ($($name:ident $source:literal $text:literal)*) => {
        /// The number of a rule, such as `U3`.
        ///
        /// ```
        /// use kms_alias::Rule;
        ///
        /// assert_eq!((Rule::U3.to_string().as_str(), Rule::U3.number()), ("U3", "U3"));
        /// assert_eq!(Rule::U3.source(), "KMS API reference");
        /// assert!(Rule::U3.text().starts_with("An alias moves between keys of one key type only"));
        /// // What no public source settles is marked.
        /// assert!(Rule::ALL.iter().any(|rule| rule.source().contains("ours")));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $text] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The number as it is written, such as `"U3"`.
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

            /// Where the rule comes from; "ours" marks a choice that no public source settles.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self {
                    $(Self::$name => $source,)*
                }
            }
        }
    };
}

rules! {
    A1 "KMS UpdateAlias documentation; recorded answers" "An alias name starts with `alias/`, in lower case."
    A2 "KMS API reference" "An alias name has 1 to 256 characters in all, and at least one of them follows the prefix."
    A3 "KMS UpdateAlias documentation; KMS API reference; recorded answers" "After the prefix an alias name holds only ASCII letters, digits, `/`, `_` and `-`."
    A4 "KMS UpdateAlias documentation (`alias/aws`); KMS API reference (`alias/aws/`)" "Names that start with `alias/aws`, or in today's reading `alias/aws/`, belong to AWS."
    A5 "KMS developer guide" "Alias names that differ in case are different names."
    A6 "KMS UpdateAlias documentation; KMS developer guide; recorded answers" "An alias name is unique in its account and Region."
    A7 "KMS developer guide" "An alias ARN ends with the whole alias name, its prefix included."
    A8 "KMS API reference; KMS developer guide" "Aliases under `alias/aws/` are AWS's own: they are listed, may have no target, count against no quota, and no caller changes them."
    K1 "KMS UpdateAlias documentation; recorded answers; that upper case is well formed is measured" "A key ID is a UUID in lower-case hex digits, grouped 8-4-4-4-12; a request may write it in upper case, and no key has that ID."
    K2 "KMS developer guide" "A multi-Region key ID is `mrk-` and 32 lower-case hex digits, and only multi-Region keys have one."
    K3 "KMS UpdateAlias documentation; KMS API reference; a malformed key ID in an ARN is measured" "A key ARN has six parts, none of them empty: `arn:PARTITION:kms:REGION:ACCOUNT:key/KEY-ID`, the account being 12 digits."
    K4 "AWS partition data; the lengths are ours" "A Region fits the pattern of the partition that it is named with."
    K5 "KMS UpdateAlias documentation; measured" "The target of an alias is named by key ID or key ARN, never by an alias."
    K6 "KMS API reference" "DescribeKey and the cryptographic operations name a key by key ID, key ARN, alias name or alias ARN."
    K7 "KMS service model; measured and recorded answers" "Every required member is there, each keeps to the lengths and characters of the service model, and all that is broken is told at once."
    K8 "KMS API reference; recorded and measured answers" "All other operations on a key, and ListAliases, name it by key ID or key ARN only."
    T1 "KMS UpdateAlias documentation; recorded answers" "The key exists in the table's account and Region."
    T2 "recorded and measured answers" "An ARN of another Region is refused."
    T3 "KMS UpdateAlias documentation; KMS API reference; the words are measured, the exception is ours" "An ARN of another account or partition is refused."
    T4 "KMS API reference; recorded answers of other operations; that they hold for aliases is ours" "The target of an alias is a customer managed key."
    T5 "KMS UpdateAlias documentation; KMS developer guide" "The state of the target key allows the operation."
    T6 "KMS developer guide; recorded answers" "A customer managed key has at most as many aliases as the quota says: 50, unless it was raised."
    U1 "KMS UpdateAlias documentation; recorded answers" "UpdateAlias and DeleteAlias work on an existing alias only, and never change its name."
    U2 "KMS UpdateAlias documentation" "UpdateAlias does not reach an alias in another account."
    U3 "KMS API reference" "An alias moves between keys of one key type only: symmetric encryption, asymmetric, or HMAC."
    U4 "KMS API reference; measured" "An alias moves between keys of one key usage only."
    U5 "KMS developer guide" "An alias may leave a key that is pending deletion: only the state of the new key counts."
    U6 "KMS API reference" "An update keeps the creation date and sets the date of the last update."
    U7 "ours" "An update to the present key is an update like any other, and moves the date of the last update."
    C1 "KMS API reference" "CreateAlias has no rule on key type or usage; both dates are the time of the create."
    D1 "KMS developer guide" "DeleteAlias works whatever the state of the key."
    D2 "KMS UpdateAlias documentation" "No operation on an alias changes a key."
    L1 "KMS API reference" "ListAliases shows every alias of the account and Region, AWS's own included, or those of one key."
    L2 "KMS API reference; 50 on a page is recorded" "A page holds 1 to 100 aliases, 50 unless asked; 1 to 1000 keys, 100 unless asked."
    L3 "KMS API reference; the law of the walk is ours" "Pages join by marker, and a walk shows what exists throughout it exactly once."
    L4 "recorded answers" "Lists are in the byte order of alias names, and of key IDs."
    L5 "KMS UpdateAlias documentation; the second half is ours" "DescribeKey resolves an alias to its key and shows no aliases; an alias without a target is not found."
    S1 "KMS developer guide" "Only keys of origin EXTERNAL can be pending import."
    S2 "KMS developer guide" "Only keys in a custom key store can be unavailable, and they keep the state to which they return."
    S3 "KMS developer guide" "Only multi-Region keys can be creating, updating or pending replica deletion."
    S4 "KMS API reference; recorded answers; the refusal before the date is ours" "A key waits 7 to 30 days for its deletion, 30 unless asked, a primary key for its replicas first; cancelling leaves it disabled, or pending import if its key material is not there."
    S5 "KMS developer guide" "When a key is deleted its aliases go with it, and not before."
    S6 "KMS developer guide" "What a call through an alias gets is decided by the state of its key."
    S7 "KMS developer guide; recorded answers of their rotation; that they hold for every change is ours" "AWS managed keys are not changed by a caller."
    S8 "KMS developer guide; recorded answers, which win" "An operation on a key needs the key-state table to allow it."
    M "KMS developer guide; KMS API reference; recorded answers; the order is measured" "The key spec fixes the key type and the usages that a key can have; a call needs a key of its usage, whatever its state; a multi-Region primary key has one replica at most in each other Region of its partition."
    P1 "KMS developer guide" "`kms:RequestAlias` compares the alias name by which a request named the key, and a request by key ID or key ARN has none."
    P2 "KMS developer guide" "`kms:ResourceAliases` compares every alias of the key, however the request named it."
    P3 "IAM documentation; the refusal of variables is ours" "In a pattern `*` stands for any run of characters and `?` for one; all else is literal, and both ends are fixed."
    P4 "KMS developer guide" "A change of an alias can grant or deny the use of a key, up to five minutes later."
    P5 "KMS developer guide" "A key above the quota of aliases is denied by every condition on `kms:ResourceAliases`."
    Q "KMS developer guide; the refusal of what a table cannot hold is ours" "An account and Region has 100,000 customer managed keys, and so up to 5,000,000 aliases."
    I1 "ours" "A key or an alias stands in a table once."
    I2 "ours" "What stands in a table is of its scope, and a customer's alias has a key, which exists if it is not described."
    I3 "ours" "What stands in an account is a fact: rules A4 and T6 judge operations only."
    I4 "ours" "A change is undone only if it is the newest that is not undone."
    I5 "ours" "A key leaves the table without its aliases only if it has none."
    I6 "ours" "A fact that the table lacks is not guessed: what depends on a key that is not described is undecided."
    H1 "follows from rules T4 and I2" "A key on which a customer's alias stands exists and is customer managed."
    H2 "KMS API reference; KMS developer guide" "A key on which an alias under `alias/aws/` stands exists and is AWS managed."
    H3 "KMS developer guide" "A key that is not described is multi-Region exactly if its ID begins with `mrk-`."
    H4 "KMS API reference" "A key that a complete list of keys lacks does not exist."
    H5 "KMS API reference" "A name that a complete list of aliases lacks is free, and a key has the aliases that it shows."
    H6 "an assumption, which every summary tells" "Where no list of aliases is given, a name that nothing mentions is taken as free, and a key as having the aliases that are mentioned; where none of keys is given, a replica that nothing mentions is taken as not there before it is made, and a primary key that nothing mentions as one that can have replicas."
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}
