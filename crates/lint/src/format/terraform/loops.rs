//! Loops over what stands in the module, written out: `for` expressions and `dynamic` blocks.
//!
//! A loop is followed over a literal list or object, a local that is one, and functions that put such
//! together. Where it is over anything else, or has a filter, an expression is not known, and a
//! `dynamic` block stays. What a condition chooses between is not written out: the condition may ask
//! for the very item.

use std::collections::HashMap;

use super::collection::{Collection, constant};
use super::evaluate::member;
use super::expression::{Block, EXPANDED, Entry, Expression, For, Kind};
use super::trail::{Budget, Trail};

/// What the variables of a loop stand for in one turn.
struct Binding {
    name: String,
    value: Expression,
}

/// Writes out the loops of a module, as far as they are known.
pub(super) fn write_out(blocks: &mut [Block]) {
    let locals = blocks.iter().filter(|block| block.kind == "locals");
    let locals = locals.flat_map(|block| block.attributes.iter().cloned());
    let loops = Loops {
        locals: locals.collect(),
    };
    let budget = Budget::new();
    for block in blocks {
        loops.block(block, Trail::new(&budget));
    }
}

/// What loops may be over.
pub(super) struct Loops {
    locals: HashMap<String, Expression>,
}

impl Loops {
    fn block(&self, block: &mut Block, trail: Trail<'_>) {
        for (name, value) in &mut block.attributes {
            self.expression(value, trail);
            if name == "for_each"
                && let Some(collection) = self.collection(value, trail)
            {
                value.kind = collection.into_kind(value.at.clone());
            }
        }
        let Some(within) = trail.further() else {
            return;
        };
        for mut inner in std::mem::take(&mut block.blocks) {
            match self.turns(&inner, within) {
                Some(turns) => block.blocks.extend(turns),
                None => {
                    self.block(&mut inner, within);
                    block.blocks.push(inner);
                }
            }
        }
    }

    /// The blocks that a `dynamic` block makes.
    fn turns(&self, block: &Block, trail: Trail<'_>) -> Option<Vec<Block>> {
        let for_each = block.attribute("for_each")?;
        if block.kind != "dynamic" {
            return None;
        }
        let kind = block.label(0);
        let iterator = match block.attribute("iterator") {
            None => kind.to_owned(),
            Some(iterator) => iterator.reference()?.join("."),
        };
        let content = block.blocks("content").next()?;
        let mut turns = Vec::new();
        for (key, value) in self.collection(for_each, trail)?.into_turns() {
            let at = value.at.clone();
            let of = |name: &str, value: Expression| Entry {
                name: Some(name.to_owned()),
                name_at: value.at.clone(),
                value,
            };
            let entries = vec![of("key", key), of("value", value)];
            let binding = Binding {
                name: iterator.clone(),
                value: Expression::new(Kind::Object(entries), at),
            };
            let mut turn = content.clone();
            if !trail.can_take(size_of_block(&turn)) {
                return None;
            }
            kind.clone_into(&mut turn.kind);
            put_into_block(&mut turn, &[binding]);
            self.block(&mut turn, trail.further()?);
            turns.push(turn);
        }
        Some(turns)
    }

    fn expression(&self, expression: &mut Expression, trail: Trail<'_>) {
        if let Kind::For(own) = &expression.kind {
            let written = trail.further().and_then(|trail| self.written(own, trail));
            expression.kind = written.unwrap_or(Kind::Unknown);
            return;
        }
        expression
            .parts_mut()
            .for_each(|part| self.expression(part, trail));
    }

    /// What a `for` expression gives.
    fn written(&self, own: &For, trail: Trail<'_>) -> Option<Kind> {
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        for (key, value) in self.collection(&own.collection, trail)?.into_turns() {
            let variables = [
                (own.key_variable.as_ref(), key),
                (Some(&own.variable), value),
            ];
            let bindings: Vec<_> = variables
                .into_iter()
                .filter_map(|(name, value)| {
                    let name = name?.clone();
                    Some(Binding { name, value })
                })
                .collect();
            let value = self.turn(&own.value, &bindings, trail)?;
            match &own.key {
                None => items.push(value),
                Some(key) => {
                    let key = self.turn(key, &bindings, trail)?;
                    entries.push(Entry {
                        name: constant(&key),
                        name_at: key.at,
                        value,
                    });
                }
            }
        }
        Some(match own.key {
            None => Kind::List(items),
            Some(_) => Kind::Object(entries),
        })
    }

    fn turn(
        &self,
        body: &Expression,
        bindings: &[Binding],
        trail: Trail<'_>,
    ) -> Option<Expression> {
        if !trail.can_take(size(body)) {
            return None;
        }
        let mut body = body.clone();
        put_into(&mut body, bindings);
        self.expression(&mut body, trail);
        Some(body)
    }

    /// What an expression is as a collection, with the loops in it written out.
    fn collection(&self, expression: &Expression, trail: Trail<'_>) -> Option<Collection> {
        let trail = trail.further()?;
        if !trail.can_take(size(expression)) {
            return None;
        }
        if let Some(parts) = expression.reference() {
            let ["local", name, path @ ..] = parts.as_slice() else {
                return None;
            };
            return self.collection(member(self.locals.get(*name)?, path)?, trail);
        }
        let mut own = expression.clone();
        self.expression(&mut own, trail);
        match own.kind {
            Kind::Call(name, mut arguments) => {
                let name = match name.strip_suffix(EXPANDED) {
                    None => name.as_str(),
                    Some(name) => {
                        let Kind::List(last) = arguments.pop()?.kind else {
                            return None;
                        };
                        arguments.extend(last);
                        name
                    }
                };
                let known = arguments
                    .iter()
                    .map(|argument| self.collection(argument, trail));
                Collection::of_call(name, known.collect::<Option<_>>()?)
            }
            kind => Collection::of(kind, &|item| self.collection(item, trail)),
        }
    }
}

/// How many expressions an expression is made of.
fn size(expression: &Expression) -> usize {
    let parts = expression.parts().into_iter().map(size);
    parts.fold(1, usize::saturating_add)
}

fn size_of_block(block: &Block) -> usize {
    let attributes = block.attributes.iter().map(|(_, value)| size(value));
    let blocks = block.blocks.iter().map(size_of_block);
    attributes.chain(blocks).fold(1, usize::saturating_add)
}

fn put_into_block(block: &mut Block, bindings: &[Binding]) {
    for (_, value) in &mut block.attributes {
        put_into(value, bindings);
    }
    for inner in &mut block.blocks {
        put_into_block(inner, bindings);
    }
}

/// Puts what variables stand for in their place.
fn put_into(expression: &mut Expression, bindings: &[Binding]) {
    match &mut expression.kind {
        Kind::Reference(parts) => {
            put_into_indexes(parts, bindings);
            if let Some(value) = bound(parts, bindings) {
                *expression = value;
            }
        }
        Kind::Conditional(..) => {}
        Kind::For(own) => {
            put_into(&mut own.collection, bindings);
            let hides = |binding: &Binding| {
                let name = Some(&binding.name);
                own.key_variable.as_ref() == name || Some(&own.variable) == name
            };
            if !bindings.iter().any(hides) {
                put_into(&mut own.value, bindings);
                own.key.iter_mut().for_each(|key| put_into(key, bindings));
            }
        }
        _ => expression
            .parts_mut()
            .for_each(|part| put_into(part, bindings)),
    }
}

/// What a reference to a variable, or to a member of it, is.
fn bound(parts: &[String], bindings: &[Binding]) -> Option<Expression> {
    let (name, path) = parts.split_first()?;
    let binding = bindings.iter().find(|binding| binding.name == *name)?;
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    if let Some(value) = member(&binding.value, &path) {
        return Some(value.clone());
    }
    // The last steps may be those of a reference that the item is.
    let unknown = || Expression::new(Kind::Unknown, binding.value.at.clone());
    let at_item = (0..path.len()).rev().find_map(|steps| {
        let (first, rest) = path.split_at_checked(steps)?;
        match &member(&binding.value, first)?.kind {
            Kind::Reference(own) => {
                let rest = rest.iter().map(|part| (*part).to_owned());
                Some(own.iter().cloned().chain(rest).collect())
            }
            _ => None,
        }
    });
    let extended = at_item.map(|parts| {
        let at = binding.value.at.clone();
        Expression::new(Kind::Reference(parts), at)
    });
    Some(extended.unwrap_or_else(unknown))
}

/// Puts texts and numbers in the place of indexes such as `[name]`.
fn put_into_indexes(parts: &mut [String], bindings: &[Binding]) {
    for part in parts {
        let index = part.strip_prefix('[').and_then(|own| own.strip_suffix(']'));
        let path: Vec<String> = match index {
            Some(index) => index.split('.').map(str::to_owned).collect(),
            None => continue,
        };
        if let Some(value) = bound(&path, bindings) {
            *part = match (&value.kind, constant(&value)) {
                (Kind::Plain(number), _) => format!("[{number}]"),
                (_, Some(text)) => format!("[\"{text}\"]"),
                _ => "[…]".to_owned(),
            };
        }
    }
}
