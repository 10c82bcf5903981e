//! The values that a plan tells of what is iterated over, and of variables.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;
use serde_json::value::RawValue;

use super::address::Segment;

/// Values of the plan, each read once.
#[derive(Default)]
pub(super) struct Values {
    /// By the place of their text in the plan.
    read: BTreeMap<(usize, usize), Rc<Value>>,
}

/// What `for_each` of a resource goes over.
pub(super) enum Each {
    /// A map that the plan has, and the index that its value is at the index of an instance; none where no text is
    /// there.
    Constant(Option<String>),
    /// The value of a variable of which that is made, at the index of an instance, as an index.
    OfVariable(Option<String>),
    Unknown,
}

impl Values {
    fn read(&mut self, raw: &RawValue) -> Rc<Value> {
        let text = raw.get();
        let place = (text.as_ptr() as usize, text.len());
        let known = self.read.entry(place);
        let value =
            known.or_insert_with(|| Rc::new(serde_json::from_str(text).unwrap_or_default()));
        Rc::clone(value)
    }

    /// What is known of `each.value`, or of a member of it.
    pub(super) fn each(
        &mut self,
        for_each: Option<&RawValue>,
        variable: Option<&RawValue>,
        index: &str,
        path: &[Segment<'_>],
    ) -> Each {
        let Ok(key) = serde_json::from_str::<String>(index) else {
            return Each::Unknown;
        };
        let at = |map: &Value| as_index(within(map.get(&key)?, path)?);
        if let Some(expression) = for_each.map(|raw| self.read(raw))
            && let Some(map @ Value::Object(_)) = expression.get("constant_value")
        {
            return Each::Constant(at(map));
        }
        match variable.map(|raw| self.read(raw)) {
            Some(map) => Each::OfVariable(at(&map)),
            None => Each::Unknown,
        }
    }

    /// The texts in what a map has at an index, as indexes; none of a list.
    pub(super) fn texts_at(&mut self, map: &RawValue, index: &str) -> Vec<String> {
        let map = self.read(map);
        let key = serde_json::from_str::<String>(index).ok();
        let mut open: Vec<&Value> = key.and_then(|key| map.get(key)).into_iter().collect();
        let mut texts = Vec::new();
        while let Some(value) = open.pop() {
            texts.extend(as_index(value));
            open.extend(value.as_array().into_iter().flatten());
            open.extend(value.as_object().into_iter().flat_map(|all| all.values()));
        }
        texts
    }

    /// A value as an index.
    pub(super) fn index(&mut self, raw: &RawValue) -> Option<String> {
        as_index(&self.read(raw))
    }
}

/// The member of a value to which a path leads; its first segment is called as the value is.
fn within<'v>(value: &'v Value, path: &[Segment<'_>]) -> Option<&'v Value> {
    let mut value = value;
    for (number, segment) in path.iter().enumerate() {
        if number > 0 {
            value = value.get(segment.name)?;
        }
        if let Some(index) = segment.index {
            value = value.get(serde_json::from_str::<String>(index).ok()?)?;
        }
    }
    Some(value)
}

/// The member of a value, as it is written, to which a path leads; its first segment is called as the value is.
pub(super) fn member<'a>(value: &'a RawValue, path: &[Segment<'_>]) -> Option<&'a RawValue> {
    let of = |value: &'a RawValue, name: &str| {
        let all: BTreeMap<Cow<'a, str>, &'a RawValue> = serde_json::from_str(value.get()).ok()?;
        all.get(name).copied()
    };
    let mut value = value;
    for (number, segment) in path.iter().enumerate() {
        if number > 0 {
            value = of(value, segment.name)?;
        }
        if let Some(index) = segment.index {
            value = of(value, &serde_json::from_str::<String>(index).ok()?)?;
        }
    }
    Some(value)
}

/// A text as an index is written. A number is none: it is as often one that something is added to.
fn as_index(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(Value::from(text).to_string())
}
