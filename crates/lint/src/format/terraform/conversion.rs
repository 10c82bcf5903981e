//! The values of variables, made to what their type says, as Terraform does it.
//!
//! A text that is a number becomes a number, the items of a set are in order and each there once, and an
//! object loses what its type does not name. What an object lacks, and a type that is not known, stay.

use std::collections::HashMap;

use super::collection::Collection;
use super::expression::{Block, Entry, Expression, Kind, VARIABLES, plain};
use super::hcl;

/// Converts the defaults of all variables, and the values that files such as `terraform.tfvars` have.
pub(super) fn convert(blocks: &mut [Block]) {
    let variables = blocks.iter().filter(|block| block.kind == "variable");
    let types = variables.filter_map(|block| {
        let own = block.attribute("type")?;
        Some((block.label(0).to_owned(), written_out(own)))
    });
    let types: HashMap<_, _> = types.collect();
    for block in blocks {
        let own = types
            .get(block.label(0))
            .filter(|_| block.kind == "variable");
        for (name, value) in &mut block.attributes {
            if let Some(own) = own.filter(|_| name == "default") {
                to(own, value);
            }
            if let Some(own) = types.get(name).filter(|_| block.kind == VARIABLES) {
                to(own, value);
            }
        }
    }
}

/// A type; in JSON it is a text.
pub(super) fn written_out(own: &Expression) -> Expression {
    match own.literal() {
        Some(text) => hcl::template(&format!("${{{text}}}"), &own.at),
        None => own.clone(),
    }
}

fn to(own: &Expression, value: &mut Expression) {
    if let Some(name) = own.reference() {
        return match name.as_slice() {
            ["number"] => to_plain(value, |text| text.parse::<f64>().is_ok_and(f64::is_finite)),
            ["bool"] => to_plain(value, |text| ["true", "false"].contains(&text)),
            _ => {}
        };
    }
    match called(own) {
        Some(("list", [item])) => parts(value).for_each(|own| to(item, own)),
        Some(("map", [item])) => entries(value).for_each(|own| to(item, &mut own.value)),
        Some(("optional", [own, ..])) => to(own, value),
        Some(("set", [item])) => {
            parts(value).for_each(|own| to(item, own));
            to_set(value);
        }
        Some(("object", [members])) => to_object(members, value),
        Some(("tuple", [items])) => {
            let types = items.parts();
            types
                .into_iter()
                .zip(parts(value))
                .for_each(|(item, own)| to(item, own));
        }
        _ => {}
    }
}

/// The name and the arguments of a call, whether or not it stands in `"${...}"`.
fn called(own: &Expression) -> Option<(&str, &[Expression])> {
    match &own.kind {
        Kind::Call(name, arguments) => Some((name, arguments)),
        Kind::Template(_) => match own.parts().as_slice() {
            [only] => called(only),
            _ => None,
        },
        _ => None,
    }
}

fn to_plain(value: &mut Expression, is_one: impl Fn(&str) -> bool) {
    if let Some(text) = value.literal().filter(|text| is_one(text)) {
        value.kind = Kind::Plain(plain(text));
    }
}

fn parts(value: &mut Expression) -> impl Iterator<Item = &mut Expression> {
    let items = match &mut value.kind {
        Kind::List(items) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut()
}

fn entries(value: &mut Expression) -> impl Iterator<Item = &mut Entry> {
    let entries = match &mut value.kind {
        Kind::Object(entries) => entries.as_mut_slice(),
        _ => &mut [],
    };
    entries.iter_mut()
}

/// Makes a set of a list of texts; the order of other items is not told.
fn to_set(value: &mut Expression) {
    if let Kind::List(items) = &mut value.kind
        && items.iter().all(|item| item.literal().is_some())
    {
        items.sort_by(|one, other| one.literal().cmp(&other.literal()));
        items.dedup_by(|one, other| one.literal() == other.literal());
        let items = std::mem::take(items);
        value.kind = Collection::Set(items).into_kind(value.at.clone());
    }
}

/// Takes away what the type does not name; an entry whose name is not known stays.
fn to_object(members: &Expression, value: &mut Expression) {
    let (Kind::Object(members), Kind::Object(own)) = (&members.kind, &mut value.kind) else {
        return;
    };
    let types = members
        .iter()
        .filter_map(|own| Some((own.name.as_deref()?, &own.value)));
    let types: HashMap<_, _> = types.collect();
    own.retain_mut(|entry| {
        let Some(name) = entry.name.as_deref() else {
            return true;
        };
        let own = types.get(name);
        own.inspect(|own| to(own, &mut entry.value)).is_some()
    });
}
