//! What an instance of a resource has for the attribute of it that is referred to.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;

use super::follow::{Follower, elsewhere};
use super::instance::{Instance, Kind};
use super::origin::{Form, Origin};
use super::read::Read;
use super::standpoint::Standpoint;

impl<'a> Follower<'_, '_, 'a> {
    /// The key that an instance makes, if the attribute of it that is taken is its ID or ARN.
    pub(super) fn key_made(&self, number: usize, attribute: Option<&str>) -> Option<Origin> {
        let instance = self.instances.all.get(number)?;
        let is_id = matches!(attribute, None | Some("id" | "key_id" | "arn"));
        let is_made = is_id && instance.kind.is_key() && instance.is_created();
        is_made.then(|| Origin::Key(number, Form::of(attribute)))
    }

    pub(super) fn follow_instance(
        &mut self,
        number: usize,
        attribute: Option<&str>,
        reference: &str,
        at: &Standpoint<'a>,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let instances = self.instances;
        let Some(instance) = instances.all.get(number) else {
            return;
        };
        match (instance.kind, attribute) {
            (Kind::Alias, Some(target @ ("target_key_id" | "target_key_arn"))) => {
                self.follow_target(instance, target, found, depth);
            }
            (Kind::Alias, Some("arn" | "id" | "name" | "alias_name")) => {
                found.extend(name_of(instance, at, reference));
            }
            // Which attribute is taken is not seen: the name, or the key.
            (Kind::Alias, None) => {
                found.extend(name_of(instance, at, reference));
                self.follow_target(instance, "target_key_arn", found, depth);
            }
            // The value of one that exists is known.
            (kind, None | Some("id" | "key_id" | "arn")) if kind.is_key() => {
                found.extend(self.key_made(number, attribute));
            }
            // The ARN of its primary key.
            (kind, Some(primary @ "primary_key_arn")) if kind.is_replica() => {
                if instance.after.text(primary).is_none() {
                    self.follow_expression(instance, primary, found, depth);
                }
            }
            _ => {
                found.insert(elsewhere(at, reference, Read::Not));
            }
        }
    }

    /// The key of an alias.
    fn follow_target(
        &mut self,
        alias: &Instance<'_>,
        attribute: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        match alias.after.text("target_key_id") {
            // The ARN of a new alias's key follows from its ID.
            Some(text) if attribute == "target_key_arn" && alias.is_created() => {
                found.insert(Origin::Text(text.to_owned()));
            }
            Some(_) => {}
            None => self.follow_expression(alias, "target_key_id", found, depth),
        }
    }

    /// An attribute of a resource that is known later.
    fn follow_expression(
        &mut self,
        instance: &Instance<'_>,
        attribute: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let resource = self.tree.resource(&instance.path);
        let expression = resource.and_then(|it| it.expression(attribute));
        let references = expression.map(|expression| expression.references);
        let inner = Standpoint::of(instance, self.tree);
        self.follow(&inner, &references.unwrap_or_default(), found, depth);
    }
}

/// The name of an alias in place of its key.
fn name_of(alias: &Instance<'_>, at: &Standpoint<'_>, reference: &str) -> Option<Origin> {
    match alias.after.text(alias.name_attribute()) {
        Some(name) => alias.is_created().then(|| Origin::Text(name.to_owned())),
        None => Some(elsewhere(at, reference, Read::Not)),
    }
}
