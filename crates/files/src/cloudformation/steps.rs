//! The steps of stacks: what is new or changed first, what goes last.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::change::Change;
use super::evaluate::Evaluated;
use super::order::order;
use super::stack::{Keys, Resources, key_of};
use super::target::of_primary;
use super::template::{Kind, Resource};
use crate::account::Accounts;
use crate::advice::Advice;
use crate::called::Called;
use crate::new_key;
use crate::run::Assumption;
use kms_alias::{KeyArn, KeyId, Scope};
use kms_alias_foresee::verdict::{
    Fact, KeyFacts, KeyReference, NameReference, Place, Request, RunStep, UnknownKey,
};

/// The resource that a nested stack is in the stack around it.
pub(super) struct Parent<'v> {
    /// The number of that stack, and the logical ID in it.
    pub(super) stack: usize,
    pub(super) logical_id: &'v str,
    /// The logical IDs that lead to it from the outermost stack: `Network/Keys`.
    pub(super) path: &'v str,
    /// Whether the new template has it no longer.
    pub(super) goes: bool,
}

/// A stack: what is to run, and what runs.
pub(super) struct Stack<'v> {
    pub(super) number: usize,
    /// The outermost stack around it, or itself.
    pub(super) root: usize,
    /// What it is there, if it is nested.
    pub(super) parent: Option<Parent<'v>>,
    pub(super) place: Place,
    pub(super) new: Resources<'v>,
    pub(super) old: Option<Resources<'v>>,
    /// The stacks that run before it, by number.
    pub(super) after: Vec<usize>,
    /// Whether it stays as it is, though what is deployed has it no longer: a policy keeps it, or nothing deletes it.
    pub(super) stays: bool,
}

impl Stack<'_> {
    /// The logical IDs that lead to it, if it is nested.
    fn path(&self) -> Option<&str> {
        self.parent.as_ref().map(|parent| parent.path)
    }

    /// The logical ID, of a nested stack behind those that lead to it; where another one of these stacks has the same,
    /// with the stack's name.
    pub(super) fn address(
        &self,
        stacks: &[Stack<'_>],
        logical_id: &str,
        has: impl Fn(&Resources<'_>) -> bool,
    ) -> String {
        let own = self.path();
        let has = |other: &&Stack<'_>| {
            !other.is_left()
                && other.path() == own
                && (has(&other.new) || other.old.as_ref().is_some_and(&has))
        };
        let is_shared = stacks.iter().filter(has).nth(1).is_some();
        match (self.new.scope.label, own) {
            (Some(name), _) if is_shared => [name, "/", logical_id].concat(),
            (_, Some(path)) => [path, "/", logical_id].concat(),
            (_, None) => logical_id.to_string(),
        }
    }

    /// Whether it runs and no step touches it, as the new assembly lacks it.
    pub(super) fn is_left(&self) -> bool {
        self.stays && self.parent.is_none()
    }

    /// Whether CloudFormation makes nothing of the new template, or cannot have made the running one.
    pub(super) fn is_impossible(&self) -> bool {
        let old = self.old.as_ref().map(|old| &old.scope);
        let both = [Some(&self.new.scope), old].into_iter().flatten();
        self.new.scope.is_forbidden()
            || both.into_iter().any(|scope| scope.is_refused())
            || self.changes_a_type()
    }

    /// The first comparison that is not known and decides whether a resource exists.
    pub(super) fn open(&self) -> Option<Assumption> {
        let each = || [Some(&self.new), self.old.as_ref()].into_iter().flatten();
        let parameter = each().find_map(|resources| resources.scope.open_parameter());
        if parameter.is_some() {
            return parameter;
        }
        each()
            .filter_map(|resources| {
                let condition = resources.unknown_conditions.first()?;
                Some(resources.scope.open(condition))
            })
            .next()
    }
}

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Create,
    /// A property changes in place.
    Update,
    /// It goes, in the end.
    Delete,
}

/// A step of a stack, before it has its number.
pub(super) struct Wanted<'v> {
    pub(super) stack: usize,
    pub(super) logical_id: &'v str,
    pub(super) deed: Deed,
}

/// Makes the steps of stacks.
pub(super) struct Stepper<'s, 'v> {
    pub(super) stacks: &'s [Stack<'v>],
    pub(super) keys: Keys,
    pub(super) advice: Vec<Advice>,
    /// Of the stand-ins for the IDs of keys that stand, what they stand for.
    pub(super) stand_ins: Called,
    /// Of the labels of names that are not known, though aliases stand under them, what stands for
    /// these names.
    pub(super) names: BTreeMap<Box<str>, Box<str>>,
}

/// The steps of stacks, and what else is to be said of them.
pub(super) fn steps(
    stacks: &[Stack<'_>],
    accounts: &mut Accounts,
) -> (Vec<RunStep>, Vec<Advice>, Called) {
    let mut stepper = Stepper {
        stacks,
        keys: Keys::default(),
        advice: Vec::new(),
        stand_ins: Called::new(),
        names: BTreeMap::new(),
    };
    stepper.name_what_stands();
    stepper.learn(accounts);
    let wanted = stepper.wanted();
    // What a replica is depends on its primary.
    for kind in [Kind::Key, Kind::ReplicaKey] {
        stepper.make_keys(&wanted, kind, accounts);
    }
    let after = order(stacks, &wanted);
    let steps = wanted.iter().zip(after).map(|(step, after)| {
        let mut run_step = stepper.step(step);
        run_step.after = after;
        run_step
    });
    let steps = steps.collect();
    (steps, stepper.advice, stepper.stand_ins)
}

impl<'v> Stepper<'_, 'v> {
    /// Notes the steps that make keys of a kind, and what is known of these keys.
    fn make_keys(&mut self, wanted: &[Wanted<'_>], kind: Kind, accounts: &Accounts) {
        for (number, step) in wanted.iter().enumerate() {
            let Some(stack) = self.stacks.get(step.stack) else {
                continue;
            };
            if let Some(resource) = stack.new.all.get(step.logical_id)
                && resource.kind == kind
                && step.deed == Deed::Create
            {
                let key = key_of(step.stack, step.logical_id);
                let facts = self.made(stack, resource, accounts);
                self.keys.facts.insert(key.clone(), facts);
                self.keys.made.insert(key, number);
            }
        }
    }

    /// Every step: of each stack what is new or changed, then what goes.
    fn wanted(&mut self) -> Vec<Wanted<'v>> {
        let mut wanted = Vec::new();
        for stack in self.stacks {
            if stack.stays {
                continue;
            }
            let number = stack.number;
            let mut last = Vec::new();
            let none = BTreeMap::new();
            let old = stack.old.as_ref().map_or(&none, |old| &old.all);
            let is_kept = |before: &Resource<'_>| {
                let old = stack.old.as_ref();
                old.is_some_and(|old| old.is_kept(before, "DeletionPolicy"))
            };
            for (logical_id, resource) in &stack.new.all {
                let push = |deed| Wanted {
                    stack: number,
                    logical_id,
                    deed,
                };
                match (old.get(logical_id), &stack.old) {
                    (Some(before), Some(old)) if before.kind == resource.kind => {
                        match self.change(stack, old, before, resource) {
                            Change::None => {}
                            Change::Update => wanted.push(push(Deed::Update)),
                            Change::Replace => {
                                wanted.push(push(Deed::Create));
                                if !stack.new.is_kept(resource, "UpdateReplacePolicy") {
                                    last.push(push(Deed::Delete));
                                }
                            }
                        }
                    }
                    _ => wanted.push(push(Deed::Create)),
                }
            }
            for (logical_id, before) in old {
                let stays = stack.new.all.get(logical_id);
                let stays = stays.is_some_and(|after| after.kind == before.kind);
                if !stays && !is_kept(before) {
                    last.push(Wanted {
                        stack: number,
                        logical_id,
                        deed: Deed::Delete,
                    });
                }
            }
            wanted.append(&mut last);
        }
        wanted
    }

    /// What is known of a key that a stack makes; a replica is what its primary is.
    fn made(&self, stack: &Stack<'_>, resource: &Resource<'_>, accounts: &Accounts) -> KeyFacts {
        let mut facts = stack.new.facts(resource);
        if let Some(primary) = self.primary(stack, resource) {
            let primary = self.facts_of(&primary, accounts);
            facts.spec = primary.spec;
            facts.usage = primary.usage;
            facts.origin = primary.origin;
        }
        facts
    }

    /// What is known of the key of this ARN.
    fn facts_of(&self, arn: &Evaluated, accounts: &Accounts) -> KeyFacts {
        let standing = || {
            let arn: KeyArn = arn.as_known()?.parse().ok()?;
            Some(accounts.facts_of(&Place::from(arn.scope()), &arn.key_id()))
        };
        let of_stack = arn.as_key().and_then(|(stack, logical_id)| {
            let key = key_of(stack, logical_id);
            self.keys.facts.get(&key).copied()
        });
        of_stack.or_else(standing).unwrap_or_default()
    }

    /// CreateKey or ReplicateKey.
    fn make_key(
        &self,
        stack: &Stack<'_>,
        resource: &Resource<'_>,
        key: &(usize, String),
    ) -> Request {
        let facts = self.keys.facts.get(key).copied().unwrap_or_default();
        if let Some(primary) = self.primary(stack, resource) {
            let (primary, primary_place) = self.named_primary(stack, &primary);
            return Request::ReplicateKey {
                key: facts,
                primary,
                primary_place,
                open: new_key::open_state(&facts).into_iter().collect(),
            };
        }
        if let Some(refusal) = stack.new.none_of_kms(resource) {
            return Request::Malformed {
                operation: "CreateKey".into(),
                refusal,
            };
        }
        let open = [
            (facts.spec.is_none(), Fact::KeyType),
            (facts.usage.is_none(), Fact::KeyUsage),
            (facts.origin.is_none(), Fact::Origin),
        ];
        let open = open.into_iter().filter(|(is_open, _)| *is_open);
        let open = open.map(|(_, fact)| fact);
        Request::CreateKey {
            key: facts,
            open: open.chain(new_key::open_state(&facts)).collect(),
        }
    }

    /// The primary key of a replica, and where it is: in the Region of its ARN, and in the account of
    /// the stack.
    fn named_primary(&self, stack: &Stack<'_>, primary: &Evaluated) -> (KeyReference, Place) {
        let place = match primary.as_key() {
            Some((number, _)) => self.stacks.get(number).map(|stack| stack.place),
            None => None,
        };
        let reference = self.keys.reference(primary);
        if let Some(unknown) = self.unknown_primary(&reference, primary) {
            return (unknown, stack.place);
        }
        match (&reference, place) {
            (KeyReference::Text(text), None) => match text.parse::<KeyArn>() {
                Ok(arn) => {
                    let account = stack.place.account.unwrap_or(arn.scope().account());
                    let scope = Scope::new(arn.scope().region(), account);
                    (reference, Place::from(scope))
                }
                Err(_) => (reference, stack.place),
            },
            (_, place) => (reference, place.unwrap_or(stack.place)),
        }
    }

    /// A primary key that stands, of which no file tells the ID, nor whether it is a multi-Region key.
    fn unknown_primary(
        &self,
        reference: &KeyReference,
        primary: &Evaluated,
    ) -> Option<KeyReference> {
        let KeyReference::Text(text) = reference else {
            return None;
        };
        let key_id: KeyId = text.parse().ok()?;
        let label = self.stand_ins.get(&key_id)?;
        let (stack, logical_id) = primary.as_key()?;
        let facts = self.keys.facts.get(&key_of(stack, logical_id)).copied()?;
        facts.multi_region.is_none().then(|| {
            KeyReference::Unknown(UnknownKey {
                label: label.clone(),
                facts,
                series: None,
            })
        })
    }

    /// The ARN of the primary of a replica.
    fn primary(&self, stack: &Stack<'_>, resource: &Resource<'_>) -> Option<Evaluated> {
        let is_replica = resource.kind == Kind::ReplicaKey;
        is_replica.then(|| {
            let written = stack.new.value(resource, "PrimaryKeyArn");
            match &written {
                Evaluated::Text(parts) => of_primary(parts, &stack.place).unwrap_or(written),
                _ => written,
            }
        })
    }

    fn step(&self, wanted: &Wanted<'_>) -> RunStep {
        let Some(stack) = self.stacks.get(wanted.stack) else {
            return RunStep::new(
                Place::default(),
                Request::DeleteAlias {
                    alias_name: NameReference::Absent,
                },
            );
        };
        let old = stack.old.as_ref();
        let resources = match (wanted.deed, old) {
            (Deed::Delete, Some(old)) => old,
            _ => &stack.new,
        };
        let resource = resources.all.get(wanted.logical_id);
        let request = match resource {
            Some(resource) if resource.kind == Kind::Alias => {
                self.of_alias(resources, resource, wanted.deed)
            }
            Some(resource) => self.of_key(stack, resources, resource, wanted),
            None => Request::DeleteAlias {
                alias_name: NameReference::Absent,
            },
        };
        let mut step = RunStep::new(stack.place, request);
        step.address = Some(self.label(stack, wanted.logical_id).into());
        step.notes = self.in_the_way(stack, wanted);
        step
    }

    /// The address of a resource of KMS.
    pub(super) fn label(&self, stack: &Stack<'_>, logical_id: &str) -> String {
        let has = |resources: &Resources<'_>| resources.all.contains_key(logical_id);
        stack.address(self.stacks, logical_id, has)
    }

    fn of_alias(&self, resources: &Resources<'_>, resource: &Resource<'_>, deed: Deed) -> Request {
        let alias_name = self.name(resources, resource);
        let target = || self.keys.reference(&resources.target(resource));
        match deed {
            Deed::Create => Request::CreateAlias {
                alias_name,
                target_key_id: target(),
            },
            Deed::Update => Request::UpdateAlias {
                alias_name,
                target_key_id: target(),
            },
            Deed::Delete => Request::DeleteAlias { alias_name },
        }
    }

    fn of_key(
        &self,
        stack: &Stack<'_>,
        resources: &Resources<'_>,
        resource: &Resource<'_>,
        wanted: &Wanted<'_>,
    ) -> Request {
        let key = key_of(wanted.stack, wanted.logical_id);
        let key_id = match self.keys.standing.get(&key) {
            Some(key_id) => KeyReference::Text(key_id.to_string().into()),
            None => KeyReference::Unknown(UnknownKey {
                label: wanted.logical_id.into(),
                facts: KeyFacts::customer_managed(),
                series: None,
            }),
        };
        match wanted.deed {
            Deed::Create => self.make_key(stack, resource, &key),
            Deed::Update if resources.is_enabled(resource) == Some(true) => {
                Request::EnableKey { key_id }
            }
            Deed::Update => Request::DisableKey { key_id },
            Deed::Delete => Request::ScheduleKeyDeletion {
                key_id,
                pending_window_in_days: resources.pending_window(resource),
            },
        }
    }
}
