//! Conditions out of a JSON document.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::condition::AliasCondition;
use super::condition_key::ConditionKey;
use super::conditions::AliasConditions;
use super::invalid::ConditionFault;
use super::operator::{Comparison, ConditionOperator};
use crate::json_words;

/// Why a document is not one of conditions: the line, what it is about, and the fault, which has
/// its rule.
///
/// ```
/// use kms_alias_foresee::ConditionFault;
/// use kms_alias_foresee::{AliasConditions};
///
/// let text = br#"{
///     "mine": {"StringLike": {"kms:RequestAlias": "alias/${aws:username}"}}
/// }"#;
/// let error = AliasConditions::from_json(text).unwrap_err();
/// assert_eq!(error.line(), Some(2));
/// assert_eq!(error.place(), Some("mine: StringLike: kms:RequestAlias"));
/// assert!(matches!(error.fault(), ConditionFault::Variable(_))); // rule P3
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConditionsError {
    line: Option<usize>,
    place: Box<str>,
    fault: ConditionFault,
}

impl ConditionsError {
    /// The line, from 1, where the fault has one.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    /// Where it is: the name of the condition, the operator and the key, as far as they were read.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        Some(&*self.place).filter(|place| !place.is_empty())
    }

    /// What is wrong.
    #[must_use]
    pub const fn fault(&self) -> &ConditionFault {
        &self.fault
    }
}

impl fmt::Display for ConditionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(place) = self.place() {
            write!(f, "{place}: ")?;
        }
        self.fault.fmt(f)
    }
}

impl core::error::Error for ConditionsError {}

impl AliasConditions {
    /// Reads conditions: a stream of JSON documents, each an object of names and the `Condition`
    /// elements of policies, with or without that word.
    ///
    /// ```
    /// use kms_alias_foresee::ConditionFault;
    /// use kms_alias_foresee::{AliasConditions};
    ///
    /// let text = br#"{
    ///     "prod-readers": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/prod-*"}},
    ///     "by-name": {"Condition": {"StringEquals": {"kms:RequestAlias": ["alias/a", "alias/b"]}}}
    /// }"#;
    /// assert_eq!(AliasConditions::from_json(text)?.len(), 2);
    ///
    /// let text = br#"{"s3-only": {"StringEquals": {"kms:ViaService": "s3.eu-west-3.amazonaws.com"}}}"#;
    /// let error = AliasConditions::from_json(text).unwrap_err();
    /// assert_eq!(error.place(), Some("s3-only: StringEquals: kms:ViaService"));
    /// assert_eq!(*error.fault(), ConditionFault::UnknownKey("kms:ViaService".into()));
    /// # Ok::<(), kms_alias_foresee::ConditionsError>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that cannot be interpreted, with its line and its place: see
    /// [`ConditionFault`].
    pub fn from_json(text: &[u8]) -> Result<Self, ConditionsError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut reader = Reader::default();
        let mut documents = serde_json::Deserializer::from_slice(text);
        while documents.end().is_err() {
            let read = Document(&mut reader).deserialize(&mut documents);
            read.map_err(|error| reader.error(&error))?;
        }
        if reader.conditions.is_empty() {
            return Err(ConditionsError {
                line: None,
                place: Box::default(),
                fault: ConditionFault::NoConditions,
            });
        }
        Ok(reader.conditions)
    }
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    conditions: AliasConditions,
    /// The names, from the outside, of what is being read.
    place: Vec<String>,
    /// A fault that is not the JSON reader's own.
    fault: Option<ConditionFault>,
}

impl Reader {
    /// Keeps a fault for the error that ends the reading, whose place the JSON reader knows.
    fn refuse<E: Error>(&mut self, fault: ConditionFault) -> E {
        self.fault = Some(fault);
        E::custom("refused")
    }

    fn error(&mut self, error: &serde_json::Error) -> ConditionsError {
        ConditionsError {
            line: Some(error.line()),
            place: self.place.join(": ").into(),
            fault: (self.fault.take())
                .unwrap_or_else(|| ConditionFault::Json(json_words::words(error).into())),
        }
    }
}

/// A document: conditions under their names.
struct Document<'r>(&'r mut Reader);

/// A `Condition` element: operators with their keys.
struct Element<'r> {
    reader: &'r mut Reader,
    /// Whether the word `Condition` has been said.
    named: bool,
}

/// What one operator compares: keys with their values.
struct Compared<'r> {
    reader: &'r mut Reader,
    operator: ConditionOperator,
    /// What the operators before this one compare.
    condition: Option<AliasCondition>,
}

/// The values of one key.
struct Values(ConditionOperator);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of names, each with a condition")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        while let Some(name) = map.next_key::<String>()? {
            if reader.conditions.get(&name).is_some() {
                return Err(reader.refuse(ConditionFault::Duplicate(name.into())));
            }
            reader.place.push(name.clone());
            let condition = map.next_value_seed(Element {
                reader,
                named: false,
            })?;
            reader.place.pop();
            let inserted = reader.conditions.insert(&name, condition);
            inserted.map_err(|fault| reader.refuse(fault))?;
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = AliasCondition;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = AliasCondition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of condition operators")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { reader, named } = self;
        let mut condition = None;
        let mut seen: Vec<String> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "Condition" && !named && seen.is_empty() {
                return unwrapped(reader, map);
            }
            if seen.contains(&name) {
                return Err(reader.refuse(ConditionFault::Duplicate(name.into())));
            }
            reader.place.push(name.clone());
            let operator = name.parse().map_err(|fault| reader.refuse(fault))?;
            condition = Some(map.next_value_seed(Compared {
                reader,
                operator,
                condition,
            })?);
            reader.place.pop();
            seen.push(name);
        }
        condition.ok_or_else(|| reader.refuse(ConditionFault::Empty))
    }
}

/// The condition behind the word `Condition`, which is all that its object has: what else a
/// statement says would be without effect here.
fn unwrapped<'de, A: MapAccess<'de>>(
    reader: &mut Reader,
    mut map: A,
) -> Result<AliasCondition, A::Error> {
    let condition = map.next_value_seed(Element {
        reader,
        named: true,
    })?;
    match map.next_key::<String>()? {
        Some(name) => Err(reader.refuse(ConditionFault::UnknownOperator(name.into()))),
        None => Ok(condition),
    }
}

impl<'de> DeserializeSeed<'de> for Compared<'_> {
    type Value = AliasCondition;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Compared<'_> {
    type Value = AliasCondition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of condition keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self {
            reader,
            operator,
            mut condition,
        } = self;
        let mut seen: Vec<ConditionKey> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            reader.place.push(name.clone());
            let key = name.parse().map_err(|fault| reader.refuse(fault))?;
            if seen.contains(&key) {
                return Err(reader.refuse(ConditionFault::Duplicate(name.into())));
            }
            let values = map.next_value_seed(Values(operator))?;
            let compared = match condition {
                Some(condition) => AliasCondition::and(condition, operator, key, values),
                None => AliasCondition::new(operator, key, values),
            };
            condition = Some(compared.map_err(|fault| reader.refuse(fault))?);
            reader.place.pop();
            seen.push(key);
        }
        match condition {
            Some(condition) if !seen.is_empty() => Ok(condition),
            _ => Err(reader.refuse(ConditionFault::Empty)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Values {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Vec::from([text.to_string()]))
    }

    /// `Null` is written with a string or without its quotes.
    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        if self.0.comparison() == Comparison::Null {
            return Ok(Vec::from([value.to_string()]));
        }
        Err(E::invalid_type(Unexpected::Bool(value), &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(values)
    }
}
