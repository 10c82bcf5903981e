//! A plan as `terraform show -json` prints it: the members that are read.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Text, borrowed where it can be.
pub(super) type Text<'a> = Cow<'a, str>;

#[derive(Deserialize)]
pub(super) struct Plan<'a> {
    #[serde(borrow)]
    pub(super) format_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) terraform_version: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resource_changes: Option<Vec<ResourceChange<'a>>>,
    #[serde(borrow)]
    pub(super) prior_state: Option<State<'a>>,
    #[serde(borrow)]
    pub(super) configuration: Option<Configuration<'a>>,
    #[serde(borrow)]
    pub(super) variables: Option<BTreeMap<Text<'a>, Variable<'a>>>,
    pub(super) deferred_changes: Option<Vec<IgnoredAny>>,
    pub(super) errored: Option<bool>,
    /// Whether no other plan is needed after this one.
    pub(super) complete: Option<bool>,
}

/// The value of a variable of the root module.
#[derive(Deserialize)]
pub(super) struct Variable<'a> {
    #[serde(borrow)]
    pub(super) value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct ResourceChange<'a> {
    #[serde(borrow)]
    pub(super) address: Text<'a>,
    #[serde(borrow)]
    pub(super) mode: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) deposed: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) change: Change<'a>,
}

#[derive(Deserialize)]
pub(super) struct Change<'a> {
    #[serde(borrow, default)]
    pub(super) actions: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) before: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) after: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) after_unknown: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) after_sensitive: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct State<'a> {
    #[serde(borrow)]
    pub(super) values: Option<StateValues<'a>>,
}

#[derive(Deserialize)]
pub(super) struct StateValues<'a> {
    #[serde(borrow)]
    pub(super) root_module: Option<StateModule<'a>>,
}

#[derive(Deserialize)]
pub(super) struct StateModule<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Vec<StateResource<'a>>,
    #[serde(borrow, default)]
    pub(super) child_modules: Vec<Self>,
}

#[derive(Deserialize)]
pub(super) struct StateResource<'a> {
    #[serde(borrow)]
    pub(super) address: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) mode: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) depends_on: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(super) provider_config: BTreeMap<Text<'a>, ProviderConfig<'a>>,
    #[serde(borrow)]
    pub(super) root_module: Option<Module<'a>>,
}

#[derive(Deserialize)]
pub(super) struct ProviderConfig<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    full_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) alias: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) expressions: BTreeMap<Text<'a>, &'a RawValue>,
}

impl ProviderConfig<'_> {
    /// The provider itself, whatever a module calls it.
    pub(super) fn source(&self) -> &str {
        let name = self.full_name.as_ref().or(self.name.as_ref());
        name.map_or("", |name| name)
    }
}

#[derive(Default, Deserialize)]
pub(super) struct Module<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Vec<Resource<'a>>,
    #[serde(borrow, default)]
    pub(super) module_calls: BTreeMap<Text<'a>, ModuleCall<'a>>,
    #[serde(borrow, default)]
    pub(super) outputs: BTreeMap<Text<'a>, Output<'a>>,
    #[serde(borrow, default)]
    pub(super) variables: BTreeMap<Text<'a>, VariableConfig<'a>>,
}

/// A variable of a module.
#[derive(Deserialize)]
pub(super) struct VariableConfig<'a> {
    #[serde(borrow)]
    pub(super) default: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Output<'a> {
    #[serde(borrow)]
    pub(super) expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) depends_on: Vec<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct ModuleCall<'a> {
    #[serde(borrow, default)]
    pub(super) expressions: BTreeMap<Text<'a>, &'a RawValue>,
    #[serde(borrow)]
    pub(super) count_expression: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) for_each_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) depends_on: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) module: Option<Module<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    #[serde(borrow)]
    pub(super) address: Text<'a>,
    #[serde(borrow)]
    pub(super) provider_config_key: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) count_expression: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) for_each_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) depends_on: Vec<Text<'a>>,
}

impl<'a> Resource<'a> {
    /// The expression of an attribute.
    pub(super) fn expression(&self, attribute: &str) -> Option<Expression> {
        let all: BTreeMap<Text<'_>, &RawValue> =
            serde_json::from_str(self.expressions?.get()).ok()?;
        all.get(attribute).map(|raw| Expression::of(raw))
    }

    pub(super) fn has_expression(&self, attribute: &str) -> bool {
        self.expression(attribute).is_some()
    }
}

/// What an expression is made of.
#[derive(Default)]
pub(super) struct Expression {
    /// A constant that is a text.
    pub(super) constant: Option<String>,
    /// Whether there is a constant.
    pub(super) is_constant: bool,
    /// All that it refers to, in any depth.
    pub(super) references: Vec<String>,
}

impl Expression {
    pub(super) fn of(raw: &RawValue) -> Self {
        serde_json::from_str(raw.get()).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExpressionVisitor)
    }
}

struct ExpressionVisitor;

impl Expression {
    fn join(&mut self, mut other: Self) {
        self.references.append(&mut other.references);
    }
}

impl<'de> Visitor<'de> for ExpressionVisitor {
    type Value = Expression;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expression")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Expression, A::Error> {
        let mut expression = Expression::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "references" => {
                    let Strings(mut references) = map.next_value()?;
                    expression.references.append(&mut references);
                }
                "constant_value" => {
                    expression.is_constant = true;
                    let Strings(texts) = map.next_value()?;
                    expression.constant = texts.into_iter().next();
                }
                // Blocks nest; the reader of JSON bounds how deep.
                _ => expression.join(map.next_value()?),
            }
        }
        Ok(expression)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Expression, A::Error> {
        let mut expression = Expression::default();
        while let Some(inner) = list.next_element()? {
            expression.join(inner);
        }
        Ok(expression)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Expression, E> {
        Ok(Expression::default())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Expression, E> {
        Ok(Expression::default())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Expression, E> {
        Ok(Expression::default())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Expression, E> {
        Ok(Expression::default())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Expression, E> {
        Ok(Expression::default())
    }

    fn visit_unit<E: Error>(self) -> Result<Expression, E> {
        Ok(Expression::default())
    }
}

/// A text, or those of a list; nothing of anything else.
struct Strings(Vec<String>);

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StringsVisitor).map(Self)
    }
}

struct StringsVisitor;

impl<'de> Visitor<'de> for StringsVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<String>, E> {
        Ok([String::from(text)].into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
        let mut texts = Vec::new();
        while let Some(Strings(mut inner)) = list.next_element()? {
            texts.append(&mut inner);
        }
        Ok(texts)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }
}
