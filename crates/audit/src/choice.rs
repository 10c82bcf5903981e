//! The choices that no public source settles, and what in a log would settle them.

use kms_alias::Rule;

macro_rules! choices {
    ($($name:ident $rule:expr, $text:literal, $confirmed:literal, $contradicted:literal;)*) => {
        /// A choice of this crate where AWS's documentation is silent, disagrees with itself, or
        /// only an emulator is known to answer.
        ///
        /// ```
        /// use kms_alias::Rule;
        /// use kms_alias_audit::Choice;
        ///
        /// let choice = Choice::SameKey;
        /// assert_eq!(choice.rule(), Some(Rule::U7));
        /// assert_eq!(choice.contradicted_by(), Some("such an update that is refused"));
        /// assert_eq!(Choice::PageWalk.contradicted_by(), None);
        /// assert_eq!(choice.confirmed_by(), Some("such an update that succeeds"));
        /// assert_eq!((choice.name(), Choice::ALL.contains(&choice)), ("SameKey", true));
        /// assert_eq!(choice.text(), "An update to the key that the alias already has succeeds.");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Choice {
            $(#[doc = $text] $name,)*
        }

        impl Choice {
            /// Every choice, in the order of their rules; those on the order of checks come last.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name of the choice.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The rule that it belongs to; none for the order in which rules are checked.
            #[must_use]
            pub const fn rule(self) -> Option<Rule> {
                match self {
                    $(Self::$name => $rule,)*
                }
            }

            /// What was chosen, in a sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What in a log would confirm it; none where no log could.
            #[must_use]
            pub const fn confirmed_by(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => said($confirmed),)*
                }
            }

            /// What in a log would contradict it; none where no log could.
            #[must_use]
            pub const fn contradicted_by(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => said($contradicted),)*
                }
            }
        }
    };
}

const fn said(words: &'static str) -> Option<&'static str> {
    if words.is_empty() { None } else { Some(words) }
}

/// The rule of a choice.
const fn of(rule: Rule) -> Option<Rule> {
    Some(rule)
}

choices! {
    ReservedNamesReading of(Rule::A4), "Of the two published readings of rule A4, the one that is chosen says whether a name such as `alias/aws-x` is reserved.",
        "such a name treated as that reading says", "such a name treated as the other reading says";
    ReservedNameException of(Rule::A4), "A reserved name is refused with InvalidAliasNameException, on update and delete too.",
        "such a refusal with this exception", "such a refusal with another exception";
    ReservedNameWords of(Rule::A4), "A name that only the stricter reading reserves, such as `alias/aws-x`, is refused in words of kms-alias's own.",
        "such a refusal in these words", "such a refusal in other words";
    MalformedTargetException of(Rule::K3), "A malformed ARN as the target of an alias is refused with NotFoundException.",
        "such a refusal with this exception", "such a refusal with another exception";
    MalformedArnException of(Rule::K3), "A malformed ARN anywhere else is refused with InvalidArnException.",
        "such a refusal with this exception", "such a refusal with another exception";
    MalformedArnWords of(Rule::K3), "A malformed ARN is refused in words of kms-alias's own.",
        "such a refusal in these words", "such a refusal in other words";
    RegionLengths of(Rule::K4), "A Region has 1 to 12 letters and 1 or 2 digits after the beginning that its partition gives.",
        "", "an event of a Region that has not";
    ViolationsTold of(Rule::K7), "Of all that a request breaks of the service model no more than 32 violations are told.",
        "", "";
    NameAfterPrefixWords of(Rule::A2), "A name that is the prefix alone is refused in the words of a name that is too short.",
        "such a refusal in these words", "such a refusal in other words";
    MemberTypeWords of(Rule::K7), "A member of a wrong type is refused in words of kms-alias's own.",
        "such a refusal in these words", "such a refusal in other words";
    UnknownOperationWords of(Rule::K7), "An operation that is not modelled is refused in words of kms-alias's own.",
        "", "";
    ListByAlias of(Rule::K8), "ListAliases takes no alias in the place of a key.",
        "such a request that is refused", "such a request that succeeds";
    OtherAccountException of(Rule::T3), "An ARN of another account or partition is refused with NotFoundException.",
        "such a refusal with this exception", "such a refusal with another exception";
    AwsManagedTargetException of(Rule::T4), "An AWS managed key as the target of an alias is refused with AccessDeniedException, as the rotation of such a key is: IAM refuses so too.",
        "", "such a refusal with another exception";
    KeyTypeException of(Rule::U3), "A move to a key of another type is refused with ValidationException, as two emulators do.",
        "such a refusal with this exception", "such a refusal with another exception";
    KeyTypeWords of(Rule::U3), "A move to a key of another type is refused in the form of the words on another usage.",
        "such a refusal in these words", "such a refusal in other words";
    SameKey of(Rule::U7), "An update to the key that the alias already has succeeds.",
        "such an update that succeeds", "such an update that is refused";
    PageLimit of(Rule::L2), "A page of more aliases or keys than documented is refused, though the service model's shape admits it.",
        "such a request that is refused", "such a request that succeeds";
    MarkerWords of(Rule::L3), "A marker that does not decode is refused as `Invalid marker`: markers are each service's own secret.",
        "", "";
    PageWalk of(Rule::L3), "A walk by pages shows what exists throughout it once: the log does not show lists.",
        "", "";
    AliasWithoutKey of(Rule::L5), "A call through an alias of AWS's own that has no key yet finds none, where AWS would make it.",
        "such a call that is refused", "such a call that succeeds";
    DeletionDate of(Rule::S4), "A deletion is not carried out before its date.",
        "a deletion on its date or later", "a deletion before its date";
    DeletionNotDueWords of(Rule::S4), "A deletion carried out too early is refused with kms-alias's own exception and words: nobody asks AWS for one.",
        "", "";
    UnknownDeletionDate of(Rule::S4), "A key that is said to be pending deletion, with no date, may be deleted at any time.",
        "", "";
    ReturnsToEnabled of(Rule::S2), "An unavailable key of which no more is known returns to Enabled: no event says so.",
        "", "";
    ImpossibleStateWords of(Rule::S1), "A state that a key cannot be in is refused with kms-alias's own exception and words: nobody asks AWS for one.",
        "", "";
    AwsManagedKey of(Rule::S7), "No caller changes an AWS managed key in any way: AccessDeniedException, as for its rotation. IAM refuses so too.",
        "", "such a request that succeeds, or is refused with another exception";
    NotApplicableCells of(Rule::S8), "Where the key-state table says N/A, an unavailable key gets note 11.",
        "such a refusal with this exception", "";
    LaterOperations of(Rule::S8), "DeriveSharedSecret, Encapsulate and Decapsulate have the row of Decrypt in the key-state table.",
        "such a call on a key that is not enabled, answered alike", "such a call answered otherwise";
    OriginWords of(Rule::S8), "Notes 7, 8 and 9 of the key-state table have the words of their nearest neighbours.",
        "such a refusal in these words", "such a refusal in other words";
    PolicyVariables of(Rule::P3), "A pattern with `${` is an error: the log shows no policies.",
        "", "";
    FullTable of(Rule::Q), "A table holds 2³¹ aliases and refuses more: a limit of the table, not of AWS.",
        "", "";
    StandsOnce of(Rule::I1), "A key or an alias stands in a table once: a rule of the table, not of AWS.",
        "", "";
    OneScope of(Rule::I2), "What stands in a table is of its scope, and has its key there: a rule of the table, not of AWS.",
        "", "";
    FactsStand of(Rule::I3), "What stands in an account is a fact that rules A4 and T6 do not ask: a rule of the table, not of AWS.",
        "", "";
    NewestFirst of(Rule::I4), "Only the newest change is undone: a rule of the table, not of AWS.",
        "", "";
    NoOrphans of(Rule::I5), "A key leaves the table only without aliases: a rule of the table, not of AWS.",
        "", "";
    NothingGuessed of(Rule::I6), "What the table lacks of a key is not guessed: a rule of the table, not of AWS.",
        "", "";
    FirstAndLastMoment None, "A moment beyond some 63,000 years is the first or the last: no log reaches so far.",
        "", "";
    MembersInOrder None, "Of several malformed members bounds are told before forms, and the name before the key.",
        "two malformed members, and the first is told", "two malformed members, and another is told";
    ShapesFirst None, "The shape of every member is checked before anything that stands in the account.",
        "a malformed member beside another broken rule, and the member is told", "the same, and the other rule is told";
    AliasBeforeTarget None, "Whether the alias exists (U1) or is free (A6) is checked before its target.",
        "both broken, and the alias is told", "both broken, and the target is told";
    AccountBeforeRegion None, "An ARN's account and partition (T3) are checked before its Region (T2).",
        "both broken, and the account is told", "both broken, and the Region is told";
    ManagerBeforeState None, "Whether the key is the customer's (T4, S7) is checked before its state (T5, S8) and all that follows.",
        "", "both broken, and the other is told";
    StateBeforeComparison None, "The state of the target (T5) is checked before usage (U4), type (U3) and quota (T6).",
        "both broken, and the state is told", "both broken, and the other is told";
    QuotaLast None, "The quota (T6) is checked after usage (U4) and type (U3).",
        "both broken, and usage or type is told", "both broken, and the quota is told";
}
