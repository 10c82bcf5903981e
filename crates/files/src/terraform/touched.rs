//! What the steps of a plan are about, at each of its places.

use alloc::collections::BTreeMap;

use super::configuration::Tree;
use super::instance::Instance;
use crate::whose::{Touched, Where, id};

/// What steps are about, by their places.
pub(super) fn touched<'i>(
    places: &'i [(Where, &'i Instance<'_>)],
    tree: &Tree<'_, '_>,
) -> BTreeMap<&'i Where, Touched<'i>> {
    let mut touched: BTreeMap<&Where, Touched<'_>> = BTreeMap::new();
    for (place, instance) in places {
        touched.entry(place).or_default().add(instance);
    }
    if touched.len() > 1 && touched.keys().any(|place| place.is_open()) {
        for (place, instance) in places {
            touched.entry(place).or_default().add_made(instance, tree);
        }
    }
    touched
}

impl<'i> Touched<'i> {
    fn add(&mut self, instance: &'i Instance<'_>) {
        if instance.actions.is_empty() {
            return;
        }
        self.is_touched = true;
        let (before, after) = (&instance.before, &instance.after);
        if instance.kind.is_key() {
            self.keys.extend(instance.key_before().and_then(id));
            return;
        }
        let attribute = instance.name_attribute();
        let names = [instance.name_before(), after.text(attribute)];
        self.names.extend(names.into_iter().flatten());
        let is_generated = after.has("name_prefix");
        self.is_any_name |= instance.is_created() && !after.has(attribute) && !is_generated;
        for values in [before, after] {
            let target = values.text("target_key_id");
            self.keys
                .extend(target.or(values.text("target_key_arn")).and_then(id));
        }
    }

    /// Adds what is made of keys, and what may name one of them.
    fn add_made(&mut self, instance: &Instance<'_>, tree: &Tree<'_, '_>) {
        if instance.kind.is_key() {
            let made = tree.number(&instance.path);
            self.made.extend(made.filter(|_| instance.is_created()));
        } else if !instance.actions.is_empty() && instance.unknown.is_true("target_key_id") {
            self.names_made.extend(tree.dependencies_of(&instance.path));
        }
    }
}
