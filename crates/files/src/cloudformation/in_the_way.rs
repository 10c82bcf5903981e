//! What to do where an alias that runs has the name of a new one.

use alloc::format;
use alloc::vec::Vec;

use super::stack::Resources;
use super::steps::{Deed, Stack, Stepper, Wanted};
use super::template::{Kind, Resource};
use kms_alias::Rule;
use kms_alias_foresee::verdict::{NameReference, Note};

impl Stepper<'_, '_> {
    /// What is said of a new alias whose name one that runs has: under another logical ID, or in a stack that stays.
    pub(super) fn in_the_way(&self, stack: &Stack<'_>, wanted: &Wanted<'_>) -> Vec<Note> {
        let new = stack.new.all.get(wanted.logical_id);
        let new = new.filter(|new| wanted.deed == Deed::Create && new.kind == Kind::Alias);
        let Some(new) = new else {
            return Vec::new();
        };
        let name = stack.new.name(new);
        let before = stack.old.as_ref().and_then(|old| {
            let mut same = with_name(old, &name);
            same.find(|it| it.logical_id != new.logical_id)
        });
        let before = before.map(|before| {
            format!(
                "the running template has this alias under the logical ID `{}`, and CloudFormation creates what is new \
                 before it deletes what is old: keep that logical ID, or choose another name",
                before.logical_id
            )
        });
        let left = self
            .stacks
            .iter()
            .filter(|it| it.is_left() && it.place == stack.place);
        let has_name = |it: &&Stack<'_>| {
            let old = it.old.as_ref();
            old.is_some_and(|old| with_name(old, &name).next().is_some())
        };
        let left = left.filter(has_name).map(|left| {
            format!(
                "the stack `{}` runs with this alias, and the new assembly lacks it: a deployment of the others does not \
                 delete it; delete that stack first (`cdk destroy`), or choose another name",
                left.new.scope.label.unwrap_or_default()
            )
        });
        let words = before.into_iter().chain(left);
        words.map(|words| Note::new(words, &[Rule::A6])).collect()
    }
}

/// The aliases of a running template that have a name.
fn with_name<'o, 'v>(
    old: &'o Resources<'v>,
    name: &'o NameReference,
) -> impl Iterator<Item = &'o Resource<'v>> {
    let aliases = old.all.values().filter(|it| it.kind == Kind::Alias);
    aliases.filter(move |it| old.name(it) == *name)
}
