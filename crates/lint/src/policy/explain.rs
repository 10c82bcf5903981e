//! The rules W1–W14 as data: what each means, where it comes from, a wrong and a right example.

use std::fmt;

macro_rules! policy_rules {
    ($($name:ident $title:literal $meaning:literal $source:literal $wrong:literal $right:literal)*) => {
        /// A rule on policies.
        ///
        /// ```
        /// use kms_alias_lint::PolicyRule;
        ///
        /// let rule = PolicyRule::from_number("W4").expect("there is a rule W4");
        /// assert_eq!(rule, PolicyRule::W4);
        /// assert!(rule.right().contains("ForAnyValue:StringLike"));
        /// assert_eq!(PolicyRule::ALL.len(), 14);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum PolicyRule {
            $(#[doc = $title] $name,)*
        }

        impl PolicyRule {
            /// Every rule, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The number as it is written, such as `W4`.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What the rule is about, in a sentence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// When the rule is broken, how severely, and when it is silent.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }

            /// Where the rule comes from.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)* }
            }

            /// A statement, or a policy, that breaks the rule.
            #[must_use]
            pub const fn wrong(self) -> &'static str {
                match self { $(Self::$name => $wrong,)* }
            }

            /// The same, mended.
            #[must_use]
            pub const fn right(self) -> &'static str {
                match self { $(Self::$name => $right,)* }
            }
        }
    };
}

impl PolicyRule {
    /// The rule of a number, such as `W4`; case does not count.
    #[must_use]
    pub fn from_number(number: &str) -> Option<Self> {
        let mut rules = Self::ALL.iter().copied();
        rules.find(|rule| rule.number().eq_ignore_ascii_case(number))
    }
}

impl fmt::Display for PolicyRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

policy_rules! {
    W1
    "An alias ARN stands where a key is meant."
    "An alias ARN in `Resource` stands for the alias, never for the key behind it. Operations on keys are authorized for keys, so an alias ARN gives them nothing. Error if every resource is an alias, or for an action on keys beside actions on aliases. Warning if other resources remain, and in `NotResource`. Silent if another resource covers all keys beside the alias. The policy of a key speaks of that key alone, so there an alias ARN counts for actions on aliases too; beside a resource that covers the key it is silent as well."
    "KMS developer guide: Specifying KMS keys in IAM policy statements; ABAC for AWS KMS"
    r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-3:111122223333:alias/invoices"}"#
    r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-3:111122223333:key/*", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/invoices"}}}"#
    W2
    "A policy treats AWS's own aliases as a customer's, or the other way round."
    "No caller creates, changes or deletes an alias under `alias/aws/` (rules A4 and A8), so allowing it is an error. A value such as `alias/ebs` is a customer's alias; that of the service is `alias/aws/ebs`: a note."
    "KMS API reference: CreateAlias; KMS developer guide: AWS managed keys"
    r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/ebs"}}}"#
    r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/aws/ebs"}}}"#
    W3
    "An alias is written in the wrong form."
    "A resource is an ARN, and the resource part of an alias ARN is the whole alias name (rule A7). The bare name and `alias:NAME` are errors, and so is `key/alias/NAME` (ours): behind `key/` stands the ID of a key, so it is the ARN of nothing. `alias/alias/` is a valid beginning, and nearly always a prefix written twice: a note."
    "KMS developer guide: Controlling access to aliases; Service Authorization Reference"
    r#"{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ["alias/invoices", "arn:aws:kms:eu-west-3:111122223333:key/*"]}"#
    r#"{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ["arn:aws:kms:eu-west-3:111122223333:alias/invoices", "arn:aws:kms:eu-west-3:111122223333:key/*"]}"#
    W4
    "`kms:ResourceAliases` is compared without a set operator."
    "A key has many aliases, so the condition key has many values, and IAM needs `ForAnyValue` or `ForAllValues` to know how to compare them. Error. `Null` needs none."
    "IAM user guide: Multivalued context keys; IAM Access Analyzer: missing qualifier"
    r#"{"Effect": "Allow", "Action": "kms:Sign", "Resource": "*", "Condition": {"StringLike": {"kms:ResourceAliases": "alias/seal-*"}}}"#
    r#"{"Effect": "Allow", "Action": "kms:Sign", "Resource": "*", "Condition": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/seal-*"}}}"#
    W5
    "`kms:RequestAlias` is compared with a set operator."
    "A request names a key by one alias at most. `ForAllValues` is true of every request that names none: a warning. `ForAnyValue` with a negated operator is false of those: a warning. `ForAnyValue` with a positive operator changes nothing: a note."
    "KMS developer guide: kms:RequestAlias; IAM Access Analyzer: ForAllValues with a single valued key"
    r#"{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"kms:RequestAlias": "alias/invoices"}}}"#
    r#"{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/invoices"}}}"#
    W6
    "`ForAllValues` on `kms:ResourceAliases` is true of every key without aliases."
    "All of no values match. With a positive operator the statement takes in every key that has no alias: a warning. Silent beside a positive `ForAnyValue` on the key, or `Null` with `false`, which demand an alias."
    "IAM user guide: Multivalued context keys; a report in awslabs/landing-zone-accelerator-on-aws, issue 686"
    r#"{"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*", "Condition": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/vault-*"}}}"#
    r#"{"Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*", "Condition": {"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/vault-*"}, "Null": {"kms:ResourceAliases": "false"}}}"#
    W7
    "`ForAnyValue` with a negated operator on `kms:ResourceAliases` is true as soon as one alias differs."
    "It is true of a key that has the alias and another one, and false of a key without aliases. Usually `ForAllValues` with the negated operator is meant: no alias matches. Warning."
    "IAM user guide: Multivalued context keys"
    r#"{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAnyValue:StringNotLike": {"kms:ResourceAliases": "alias/shared-*"}}}"#
    r#"{"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAllValues:StringNotLike": {"kms:ResourceAliases": "alias/shared-*"}}}"#
    W8
    "A condition about a key stands where the resource is an alias."
    "An alias has no aliases, tags, key spec, usage or origin, so such conditions see nothing there. If every resource is an alias: an error where the statement then never applies, a warning where the condition has no effect. If aliases are among the resources and the condition is on `kms:ResourceAliases`: a warning at each action on aliases, where the alias half can never be allowed and no other statement allows it, or where the condition is true of every alias. Silent where statements of the document are not known."
    "KMS developer guide: Controlling access to aliases, and its table of permissions"
    r#"{"Effect": "Allow", "Action": "kms:UpdateAlias", "Resource": "*", "Condition": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/app-*"}}}"#
    r#"[{"Effect": "Allow", "Action": "kms:UpdateAlias", "Resource": "arn:aws:kms:*:111122223333:alias/app-*"}, {"Effect": "Allow", "Action": "kms:UpdateAlias", "Resource": "arn:aws:kms:*:111122223333:key/*", "Condition": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/app-*"}}}]"#
    W9
    "An operation does not have the condition key."
    "Only cryptographic operations, DescribeKey and GetPublicKey have `kms:RequestAlias`; only operations on a key have `kms:ResourceAliases`. Error where the condition is then never met, warning where it has no effect. Silent for wildcards that take in a fitting operation, for `NotAction`, for GenerateRandom alone and for `Null` alone."
    "KMS developer guide: kms:RequestAlias, kms:ResourceAliases"
    r#"{"Effect": "Allow", "Action": ["kms:Encrypt", "kms:ListAliases"], "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/app"}}}"#
    r#"[{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/app"}}}, {"Effect": "Allow", "Action": "kms:ListAliases", "Resource": "*"}]"#
    W10
    "A value can be matched by no alias name."
    "Both condition keys hold names that begin with `alias/` (rules A1 to A3), never ARNs, and `*` and `?` are wildcards only with `StringLike` and `StringNotLike`. Error; a warning with a negated operator, which is then true of every alias. Wildcards and variables can be anything."
    "KMS developer guide: kms:RequestAlias, kms:ResourceAliases; KMS API reference: CreateAlias"
    r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "aws/ssm"}}}"#
    r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/aws/ssm"}}}"#
    W11
    "An operator or a condition key does not work."
    "Alias names are compared by the `String` operators and `Null`. `Null` takes neither a set operator nor `IfExists`. There are two condition keys on aliases, and no other `kms:` or `aws:` key has `alias` in its name. Error."
    "IAM user guide: Condition operators; KMS developer guide: Condition keys"
    r#"{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestAlias": "alias/app"}}}"#
    r#"{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/app"}}}"#
    W12
    "A key policy has a condition on `kms:ResourceAliases`."
    "KMS refuses the policy with MalformedPolicyDocumentException. A policy is that of a key if it is told so, or if it allows an account `kms:*` on `*`. Error."
    "KMS developer guide: kms:ResourceAliases; an answer of KMS quoted in awsdocs/aws-kms-developer-guide, pull request 47"
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/app"}}}]}"#
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/app"}}}]}"#
    W13
    "A variable does not work."
    "Variables need a document of version 2012-10-17; in an older one, or without a version, `${aws:username}` is plain text, which no alias has; a variable without a colon is taken for one of a template that is filled before. `${kms:ResourceAliases}` is no variable at all, because a key with many values is none. Error."
    "IAM user guide: Policy elements: Variables and tags; Version"
    r#"{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/${aws:username}"}}}]}"#
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/${aws:username}"}}}]}"#
    W14
    "An operation on an alias is allowed by half."
    "It needs permission on the alias, from an IAM policy, and on the key; UpdateAlias on the present key and the new one. Looked for only where the caller says that the documents are all there are. No alias half: error. No key half: warning, since a key policy may give it. A single key as the key half of UpdateAlias: warning. What a key policy gives to an account alone is for IAM policies to use, and no half. Service control policies and resource control policies allow nothing by themselves, and give no half."
    "KMS developer guide: Controlling access to aliases"
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": "arn:aws:kms:eu-west-3:111122223333:key/*"}]}"#
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": ["arn:aws:kms:eu-west-3:111122223333:alias/app-*", "arn:aws:kms:eu-west-3:111122223333:key/*"]}]}"#
}
