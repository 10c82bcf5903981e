//! A condition on aliases: what it compares, and how a request stands to it (rules P1, P2, P3, P5).

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::condition_key::ConditionKey;
use super::invalid::ConditionFault;
use super::operator::{Comparison, ConditionOperator, SetOperator};
use super::pattern::AliasPattern;
use super::values::Patterns;
use crate::impact::KeyAliases;
use kms_alias::{AliasName, AnyAliasName};

/// How a request, or a key, stands to a condition (rules P1, P2, P5; KMS developer guide).
///
/// ```
/// use kms_alias_foresee::{AliasCondition, ConditionKey, KeyAliases, Standing};
///
/// let condition = AliasCondition::new(
///     "ForAnyValue:StringEquals".parse()?,
///     ConditionKey::ResourceAliases,
///     ["alias/a"],
/// )?;
/// let within = KeyAliases::new(["alias/a".parse()?], 50);
/// let above = KeyAliases::new(["alias/a".parse()?], 0);
/// assert_eq!(condition.standing(None, &within), Standing::Under);
/// assert_eq!(condition.standing(None, &above), Standing::Denied); // rule P5
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The condition holds.
    Under,
    /// The condition does not hold.
    Outside,
    /// The condition is on `kms:ResourceAliases`, and the key has more aliases than the quota:
    /// KMS denies it whatever the condition says (rule P5).
    Denied,
}

/// The `Condition` element of a policy, as far as it is about aliases: all of its comparisons have
/// to hold.
///
/// # Evaluation
/// As IAM documents it. Of the values of the policy one is enough, and for a negated operator none
/// may match. A request by key ID or key ARN has no `kms:RequestAlias` (rule P1); a key without
/// aliases has no `kms:ResourceAliases` (rule P2). Without the key a comparison is false, and true
/// if it is negated, `ForAllValues:` or `…IfExists`; `ForAnyValue:` is false then even if it is
/// negated (rule P3). A set operator on `kms:RequestAlias` compares a set of at most one (ours: the
/// documentation advises against it).
///
/// Whether the statement allows or denies is not known here. What is under the condition of an
/// `Allow` may be allowed, what is under that of a `Deny` is denied; a key above the quota of
/// aliases is denied in either case (rule P5).
///
/// # Errors
/// What cannot be interpreted is refused: see [`ConditionFault`].
///
/// ```
/// use kms_alias_foresee::{AliasCondition, ConditionKey, KeyAliases, Standing};
///
/// let condition = AliasCondition::new(
///     "ForAnyValue:StringLike".parse()?,
///     ConditionKey::ResourceAliases,
///     ["alias/prod-*"],
/// )?;
/// let prod = KeyAliases::new(["alias/prod-db".parse()?, "alias/db".parse()?], 50);
/// let test = KeyAliases::new(["alias/test-db".parse()?], 50);
/// assert_eq!(condition.standing(None, &prod), Standing::Under);
/// assert_eq!(condition.standing(None, &test), Standing::Outside);
/// assert!(condition.asks(ConditionKey::ResourceAliases));
/// assert_eq!(condition.idle_values().count(), 0);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
// INVARIANT: there is at least one test, and each has the values that its operator takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AliasCondition {
    tests: Vec<Test>,
}

/// One operator, one key and the values to compare with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Test {
    operator: ConditionOperator,
    key: ConditionKey,
    values: Values,
}

/// The values of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Values {
    Texts(Vec<Box<str>>),
    Patterns(Patterns),
    /// Of `Null`: whether the key has to be absent.
    Absent(bool),
}

impl AliasCondition {
    /// A condition of one comparison.
    ///
    /// # Errors
    /// - no value, or for `Null` another than one of `true` and `false`
    /// - `alias/${aws:username}`: a policy variable, in any value (rule P3)
    /// - `StringLike` on `kms:ResourceAliases`, whose values are many: a set operator is missing
    pub fn new(
        operator: ConditionOperator,
        key: ConditionKey,
        values: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, ConditionFault> {
        let test = Test::new(operator, key, values)?;
        Ok(Self {
            tests: Vec::from([test]),
        })
    }

    /// The same condition with one comparison more, which has to hold as well.
    ///
    /// ```
    /// use kms_alias_foresee::ConditionFault;
    /// use kms_alias_foresee::{AliasCondition, ConditionKey, KeyAliases, Standing};
    ///
    /// // The key is one of production, and the request names it by a certain alias.
    /// let condition = AliasCondition::new(
    ///     "ForAnyValue:StringLike".parse()?,
    ///     ConditionKey::ResourceAliases,
    ///     ["alias/prod-*"],
    /// )?
    /// .and("StringEquals".parse()?, ConditionKey::RequestAlias, ["alias/db"])?;
    /// assert!(condition.asks(ConditionKey::RequestAlias));
    ///
    /// let (db, prod_db) = ("alias/db".parse()?, "alias/prod-db".parse()?);
    /// let aliases = KeyAliases::new([db, prod_db], 50);
    /// let [by_db, by_prod_db] = aliases.names() else { unreachable!() };
    /// assert_eq!(condition.standing(Some(by_db), &aliases), Standing::Under);
    /// assert_eq!(condition.standing(Some(by_prod_db), &aliases), Standing::Outside); // rule P1
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn and(
        mut self,
        operator: ConditionOperator,
        key: ConditionKey,
        values: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, ConditionFault> {
        self.tests.push(Test::new(operator, key, values)?);
        Ok(self)
    }

    /// Whether the condition has a comparison of this key.
    #[must_use]
    pub fn asks(&self, key: ConditionKey) -> bool {
        self.tests.iter().any(|test| test.key == key)
    }

    /// How a request stands: the alias in it, if it named the key by one, and the aliases of the
    /// key.
    ///
    /// The alias of a request is that of its name or of its alias ARN (rule P1), which
    /// [`KeyIdentifier::alias_name`](kms_alias::KeyIdentifier::alias_name) gives. That the alias is one
    /// of the key's is not asked.
    #[must_use]
    pub fn standing(
        &self,
        request_alias: Option<&AnyAliasName>,
        resource_aliases: &KeyAliases,
    ) -> Standing {
        match self.standing_of_key(resource_aliases) {
            Standing::Under if !self.takes_request(request_alias) => Standing::Outside,
            standing => standing,
        }
    }

    /// How a key stands to what is asked of `kms:ResourceAliases` (rules P2, P5).
    pub(super) fn standing_of_key(&self, aliases: &KeyAliases) -> Standing {
        if !self.asks(ConditionKey::ResourceAliases) {
            return Standing::Under;
        }
        if aliases.is_above_quota() {
            return Standing::Denied;
        }
        if self.holds(ConditionKey::ResourceAliases, aliases.names()) {
            Standing::Under
        } else {
            Standing::Outside
        }
    }

    /// Whether what is asked of `kms:RequestAlias` holds (rule P1).
    pub(super) fn takes_request(&self, alias: Option<&AnyAliasName>) -> bool {
        self.holds(
            ConditionKey::RequestAlias,
            alias.map_or(&[], core::slice::from_ref),
        )
    }

    /// Whether the condition may stand otherwise to a key, or to a request for it, after these of
    /// its aliases came or went and others stayed. Where it says no it is sure.
    pub(super) fn may_turn(&self, changed: &[&AnyAliasName]) -> bool {
        self.tests.iter().any(|test| test.may_turn(changed))
    }

    fn holds(&self, key: ConditionKey, names: &[AnyAliasName]) -> bool {
        let mut tests = self.tests.iter().filter(|test| test.key == key);
        tests.all(|test| test.holds(names))
    }

    /// The values that no alias name there can be is equal to or matched by, such as `payments` and
    /// `arn:aws:kms:*`: they are no error, and not what was meant (rules A1–A3, P3).
    ///
    /// ```
    /// use kms_alias_foresee::{AliasCondition, ConditionKey};
    ///
    /// let operator = "StringLike".parse()?;
    /// let values = ["alias/prod-*", "payments"];
    /// let condition = AliasCondition::new(operator, ConditionKey::RequestAlias, values)?;
    /// assert!(condition.idle_values().eq(["payments"])); // rule A1: no alias has that name
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn idle_values(&self) -> impl Iterator<Item = &str> {
        self.tests.iter().flat_map(Test::idle_values)
    }
}

impl Test {
    fn new(
        operator: ConditionOperator,
        key: ConditionKey,
        values: impl IntoIterator<Item: AsRef<str>>,
    ) -> Result<Self, ConditionFault> {
        let is_null = operator.comparison() == Comparison::Null;
        if key == ConditionKey::ResourceAliases && operator.set_operator().is_none() && !is_null {
            return Err(ConditionFault::SetOperatorMissing(key));
        }
        let mut patterns = Vec::new();
        for value in values {
            let pattern = value.as_ref().parse::<AliasPattern>();
            patterns.push(pattern.map_err(ConditionFault::Variable)?);
        }
        if patterns.is_empty() {
            return Err(ConditionFault::NoValues);
        }
        Ok(Self {
            operator,
            key,
            values: Values::of(operator.comparison(), patterns)?,
        })
    }

    /// Whether the names, all that the request has, are as the test wants them.
    fn holds(&self, names: &[AnyAliasName]) -> bool {
        if let Values::Absent(absent) = self.values {
            return names.is_empty() == absent;
        }
        if names.is_empty() && self.operator.is_if_exists() {
            return true;
        }
        let negated = self.operator.comparison().is_negated();
        match self.operator.set_operator() {
            Some(SetOperator::ForAnyValue) => names.iter().any(|name| self.wants(name)),
            Some(SetOperator::ForAllValues) => names.iter().all(|name| self.wants(name)),
            None => names.first().map_or(negated, |name| self.wants(name)),
        }
    }

    /// Whether a name fits one of the values, or for a negated operator none.
    fn wants(&self, name: &AnyAliasName) -> bool {
        let fits = match &self.values {
            Values::Absent(absent) => !absent,
            Values::Patterns(patterns) => patterns.match_any(name.as_str()),
            Values::Texts(texts) if self.operator.comparison().ignores_case() => {
                (texts.iter()).any(|text| text.eq_ignore_ascii_case(name.as_str()))
            }
            Values::Texts(texts) => texts.iter().any(|text| **text == *name.as_str()),
        };
        fits != self.operator.comparison().is_negated()
    }

    /// Whether names that came or went can turn the test, others being there before and after:
    /// "any of them" turns only by one that is wanted, "all of them" by one that is not.
    fn may_turn(&self, changed: &[&AnyAliasName]) -> bool {
        let all_are_wanted = self.key == ConditionKey::ResourceAliases
            && self.operator.set_operator() == Some(SetOperator::ForAllValues);
        changed
            .iter()
            .any(|name| self.wants(name) != all_are_wanted)
    }

    fn idle_values(&self) -> impl Iterator<Item = &str> {
        let (texts, patterns): (&[Box<str>], &[AliasPattern]) = match &self.values {
            Values::Texts(texts) => (texts, &[]),
            Values::Patterns(patterns) => (&[], patterns.as_slice()),
            Values::Absent(_) => (&[], &[]),
        };
        let ignores_case = self.operator.comparison().ignores_case();
        let texts = texts.iter().map(|text| &**text);
        let texts = texts.filter(move |text| !can_equal(text, ignores_case));
        let patterns = patterns.iter().map(AliasPattern::as_str);
        texts.chain(patterns.filter(|pattern| !can_match(pattern)))
    }
}

impl Values {
    /// The values as their comparison takes them; that a text is a pattern only says that it has no
    /// policy variable.
    fn of(comparison: Comparison, patterns: Vec<AliasPattern>) -> Result<Self, ConditionFault> {
        match comparison {
            Comparison::StringLike | Comparison::StringNotLike => {
                Ok(Self::Patterns(patterns.into()))
            }
            Comparison::Null => match patterns.as_slice() {
                [only] if only == "true" => Ok(Self::Absent(true)),
                [only] if only == "false" => Ok(Self::Absent(false)),
                _ => Err(ConditionFault::NullValue),
            },
            Comparison::StringEquals
            | Comparison::StringNotEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringNotEqualsIgnoreCase => {
                let texts = patterns.iter().map(|text| text.as_str().into());
                Ok(Self::Texts(texts.collect()))
            }
        }
    }
}

/// Whether some alias name equals a text.
fn can_equal(text: &str, ignoring_case: bool) -> bool {
    if ignoring_case {
        AnyAliasName::is_valid(&text.to_ascii_lowercase())
    } else {
        AnyAliasName::is_valid(text)
    }
}

/// Whether some alias name may be matched by a pattern: no promise that one is.
fn can_match(pattern: &str) -> bool {
    let is_wildcard = |character: char| matches!(character, '*' | '?');
    let Some((head, _)) = pattern.split_once(is_wildcard) else {
        return AnyAliasName::is_valid(pattern);
    };
    let begins = head.starts_with(AliasName::PREFIX) || AliasName::PREFIX.starts_with(head);
    begins
        && (pattern.chars())
            .all(|c| is_wildcard(c) || c.is_ascii_alphanumeric() || "/_-".contains(c))
}
