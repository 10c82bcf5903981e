//! What the variables of a loop stand for in one turn, put in their place.

use super::evaluate::member;
use super::expression::{Block, Expression, Kind};
use super::loops::Loops;
use super::trail::Trail;

/// What the variables of a loop stand for in one turn.
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) value: Expression,
}

/// How many expressions an expression is made of.
pub(super) fn size(expression: &Expression) -> usize {
    let parts = expression.parts().into_iter().map(size);
    parts.fold(1, usize::saturating_add)
}

pub(super) fn size_of_block(block: &Block) -> usize {
    let attributes = block.attributes.iter().map(|(_, value)| size(value));
    let blocks = block.blocks.iter().map(size_of_block);
    attributes.chain(blocks).fold(1, usize::saturating_add)
}

impl Loops<'_> {
    pub(super) fn put_into_block(&self, block: &mut Block, bindings: &[Binding], trail: Trail<'_>) {
        for (_, value) in &mut block.attributes {
            self.put_into(value, bindings, trail);
        }
        for inner in &mut block.blocks {
            self.put_into_block(inner, bindings, trail);
        }
    }

    /// Puts what variables stand for in their place.
    pub(super) fn put_into(
        &self,
        expression: &mut Expression,
        bindings: &[Binding],
        trail: Trail<'_>,
    ) {
        match &mut expression.kind {
            Kind::Reference(parts) => {
                self.put_into_indexes(parts, bindings, trail);
                if let Some(value) = bound(parts, bindings, trail) {
                    *expression = value;
                }
            }
            Kind::Conditional(parts) => {
                let [condition, then, otherwise] = &mut **parts;
                self.put_into(condition, bindings, trail);
                self.expression(condition, trail);
                if let Some(holds) = self.surely_holds(condition, trail) {
                    let chosen = if holds { then } else { otherwise };
                    self.put_into(chosen, bindings, trail);
                }
            }
            Kind::For(own) => {
                self.put_into(&mut own.collection, bindings, trail);
                let hides = |binding: &Binding| {
                    let name = Some(&binding.name);
                    own.key_variable.as_ref() == name || Some(&own.variable) == name
                };
                if !bindings.iter().any(hides) {
                    let parts = [Some(&mut own.value), own.key.as_mut(), own.filter.as_mut()];
                    for part in parts.into_iter().flatten() {
                        self.put_into(part, bindings, trail);
                    }
                }
            }
            _ => expression
                .parts_mut()
                .for_each(|part| self.put_into(part, bindings, trail)),
        }
    }

    /// Puts texts and numbers in the place of indexes such as `[name]`.
    fn put_into_indexes(&self, parts: &mut [String], bindings: &[Binding], trail: Trail<'_>) {
        for part in parts {
            let index = part.strip_prefix('[').and_then(|own| own.strip_suffix(']'));
            let path: Vec<String> = match index {
                Some(index) => index.split('.').map(str::to_owned).collect(),
                None => continue,
            };
            if let Some(value) = bound(&path, bindings, trail) {
                *part = match (&value.kind, self.constant(&value, trail)) {
                    (Kind::Plain(number), _) => format!("[{number}]"),
                    (_, Some(text)) => format!("[\"{text}\"]"),
                    _ => "[…]".to_owned(),
                };
            }
        }
    }
}

/// What a reference to a variable, or to a member of it, is.
fn bound(parts: &[String], bindings: &[Binding], trail: Trail<'_>) -> Option<Expression> {
    let (name, path) = parts.split_first()?;
    let binding = bindings.iter().find(|binding| binding.name == *name)?;
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    let at = || binding.value.at.clone();
    if let Some(value) = member(&binding.value, &path) {
        let is_small = trail.can_take(size(value));
        return Some(if is_small {
            value.clone()
        } else {
            Expression::new(Kind::Unknown, at())
        });
    }
    // The last steps may be those of a reference that the item is.
    let at_item = (0..path.len()).rev().find_map(|steps| {
        let (first, rest) = path.split_at_checked(steps)?;
        match &member(&binding.value, first)?.kind {
            Kind::Reference(own) => {
                let rest = rest.iter().map(|part| (*part).to_owned());
                Some(Kind::Reference(own.iter().cloned().chain(rest).collect()))
            }
            Kind::Object(entries) if entries.iter().all(|own| own.name.is_some()) => {
                let is_name = rest.first().is_some_and(|own| is_known_step(own));
                Some(if is_name { Kind::Absent } else { Kind::Unknown })
            }
            _ => None,
        }
    });
    Some(Expression::new(at_item.unwrap_or(Kind::Unknown), at()))
}

/// Whether a step is a name, and no index that only a run knows.
fn is_known_step(step: &str) -> bool {
    !step.starts_with('[') || step.starts_with("[\"")
}
