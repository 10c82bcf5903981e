//! The steps of stacks: what is new or changed first, what goes last.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::evaluate::{Evaluated, Part};
use super::order::order;
use super::stack::{Keys, Resources, key_of};
use super::template::{Kind, Resource};
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::fact::{self, Fact};
use crate::run::Assumption;
use kms_alias::{AliasName, AnyAliasName, KeyId};
use kms_alias_foresee::verdict::{
    KeyFacts, KeyReference, NameReference, Place, Request, RunStep, STAND_IN_NAME, UnknownKey,
};

/// A stack: what is to run, and what runs.
pub(super) struct Stack<'v> {
    pub(super) number: usize,
    pub(super) place: Place,
    pub(super) new: Resources<'v>,
    pub(super) old: Option<Resources<'v>>,
    /// The stacks that run before it, by number.
    pub(super) after: Vec<usize>,
}

impl Stack<'_> {
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
    stacks: &'s [Stack<'v>],
    keys: Keys,
    advice: Vec<Advice>,
    /// Of the stand-ins for the IDs of keys that stand, what they stand for.
    stand_ins: BTreeMap<KeyId, String>,
    /// Of the labels of names that are not known, though aliases stand under them, what stands for
    /// these names.
    names: BTreeMap<Box<str>, Box<str>>,
}

/// What a name begins with (rule A1).
const PREFIX: &str = "alias/";

/// The number in the first name that stands for one which is not known.
const FIRST_STAND_IN_NAME: usize = 0xf000_0000;

/// Properties of a key that CloudFormation refuses to change.
const FIXED: [&str; 5] = [
    "KeySpec",
    "KeyUsage",
    "Origin",
    "MultiRegion",
    "PrimaryKeyArn",
];

/// The steps of stacks, and what else is to be said of them.
pub(super) fn steps(
    stacks: &[Stack<'_>],
    accounts: &mut Accounts,
) -> (Vec<RunStep>, Vec<Advice>, BTreeMap<KeyId, String>) {
    let mut stepper = Stepper {
        stacks,
        keys: Keys::default(),
        advice: Vec::new(),
        stand_ins: BTreeMap::new(),
        names: BTreeMap::new(),
    };
    stepper.name_what_stands();
    stepper.learn(accounts);
    let wanted = stepper.wanted();
    for (number, step) in wanted.iter().enumerate() {
        let Some(stack) = stacks.get(step.stack) else {
            continue;
        };
        if let Some(resource) = stack.new.all.get(step.logical_id)
            && resource.kind != Kind::Alias
            && step.deed == Deed::Create
        {
            let key = key_of(step.stack, step.logical_id);
            stepper
                .keys
                .facts
                .insert(key.clone(), stepper.made(stack, resource));
            stepper.keys.made.insert(key, number);
        }
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
    /// Gives a name to each alias of a running template whose name is not known: it stands, so its
    /// name is one that KMS took (rule I3). It is taken as another than all names that are known (ours).
    fn name_what_stands(&mut self) {
        for old in self.stacks.iter().filter_map(|stack| stack.old.as_ref()) {
            for alias in old.all.values().filter(|it| it.kind == Kind::Alias) {
                let NameReference::Unknown(unknown) = old.name(alias) else {
                    continue;
                };
                let begin = if PREFIX.starts_with(&*unknown.prefix) {
                    PREFIX
                } else {
                    &unknown.prefix
                };
                let number = self.names.len().saturating_add(FIRST_STAND_IN_NAME);
                let text = format!("{begin}{STAND_IN_NAME}{number:x}");
                if text.parse::<AliasName>().is_ok() {
                    self.names.entry(unknown.label).or_insert(text.into());
                }
            }
        }
    }

    /// The name of an alias, or what stands for it.
    fn name(&self, resources: &Resources<'_>, alias: &Resource<'_>) -> NameReference {
        match resources.name(alias) {
            NameReference::Unknown(unknown) => match self.names.get(&unknown.label) {
                Some(name) => NameReference::Text(name.clone()),
                None => NameReference::Unknown(unknown),
            },
            name => name,
        }
    }

    /// Takes what the running templates tell of what stands.
    fn learn(&mut self, accounts: &mut Accounts) {
        for stack in self.stacks {
            let Some(old) = &stack.old else { continue };
            for resource in old.all.values().filter(|it| it.kind != Kind::Alias) {
                let key_id = self.identify(stack, old, resource, accounts);
                let key = key_of(stack.number, resource.logical_id);
                let facts = old.facts(resource);
                self.keys.facts.insert(key.clone(), facts);
                self.keys.standing.insert(key, key_id);
                if self.stand_ins.contains_key(&key_id) {
                    accounts
                        .at(stack.place)
                        .insert_undescribed_key(key_id, facts);
                } else {
                    let place = stack.place;
                    let fact = Fact::Key {
                        place,
                        key_id,
                        facts,
                    };
                    fact::learn(accounts, Vec::from([fact]), &mut self.advice);
                }
            }
        }
        let mut facts = Vec::new();
        for stack in self.stacks {
            let Some(old) = &stack.old else { continue };
            for resource in old.all.values().filter(|it| it.kind == Kind::Alias) {
                if let Some((alias_name, key_id)) = self.standing(old, resource) {
                    let place = stack.place;
                    facts.push(Fact::Alias {
                        place,
                        alias_name,
                        key_id,
                    });
                }
            }
        }
        fact::learn(accounts, facts, &mut self.advice);
    }

    /// An alias that stands, and its key.
    fn standing(
        &mut self,
        old: &Resources<'_>,
        resource: &Resource<'_>,
    ) -> Option<(AnyAliasName, KeyId)> {
        let NameReference::Text(name) = self.name(old, resource) else {
            return None;
        };
        let target = self.keys.reference(&old.value(resource, "TargetKeyId"));
        let key_id = match target {
            KeyReference::Text(text) => text.rsplit(":key/").next()?.parse().ok()?,
            // The alias stands on some key.
            _ => self.stand_in(resource.logical_id, "TargetKeyId"),
        };
        Some((name.parse().ok()?, key_id))
    }

    /// The ID of a key that stands: that which the accounts have for an alias of it, or a stand-in.
    fn identify(
        &mut self,
        stack: &Stack<'_>,
        old: &Resources<'_>,
        key: &Resource<'_>,
        accounts: &Accounts,
    ) -> KeyId {
        let own = Keys {
            made: BTreeMap::from([(key_of(stack.number, key.logical_id), 0)]),
            ..Keys::default()
        };
        for alias in old.all.values().filter(|it| it.kind == Kind::Alias) {
            let target = own.reference(&old.value(alias, "TargetKeyId"));
            if target == KeyReference::MadeBy(0)
                && let NameReference::Text(name) = old.name(alias)
                && let Ok(name) = name.parse::<AnyAliasName>()
                && let Some(key_id) = accounts.key_of_alias(&stack.place, &name)
            {
                return key_id;
            }
        }
        self.stand_in(key.logical_id, "")
    }

    /// A key ID that no key has, for a key whose ID no file tells.
    fn stand_in(&mut self, logical_id: &str, property: &str) -> KeyId {
        let number = self.stand_ins.len().saturating_add(1);
        let text = format!("00000000-0000-0000-0000-{number:012x}");
        // Twelve hex digits hold every number of keys.
        let key_id = text.parse().unwrap_or(STAND_IN);
        let dot = if property.is_empty() { "" } else { "." };
        self.stand_ins
            .insert(key_id, [logical_id, dot, property].concat());
        key_id
    }

    /// Every step: of each stack what is new or changed, then what goes.
    fn wanted(&mut self) -> Vec<Wanted<'v>> {
        let mut wanted = Vec::new();
        for stack in self.stacks {
            let number = stack.number;
            let mut last = Vec::new();
            let none = BTreeMap::new();
            let old = stack.old.as_ref().map_or(&none, |old| &old.all);
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
                                if !resource.is_kept("UpdateReplacePolicy") {
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
                if !stays && !before.is_kept("DeletionPolicy") {
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

    /// What changes of a resource that stays.
    fn change(
        &mut self,
        stack: &Stack<'_>,
        old: &Resources<'_>,
        before: &Resource<'_>,
        after: &Resource<'_>,
    ) -> Change {
        if after.kind == Kind::Alias {
            if old.name(before) != stack.new.name(after) {
                return Change::Replace;
            }
            let one = old.value(before, "TargetKeyId");
            let other = stack.new.value(after, "TargetKeyId");
            return if self.is_same_key(stack, &one, &other) {
                Change::None
            } else {
                Change::Update
            };
        }
        for property in FIXED {
            let values = [
                old.value(before, property),
                stack.new.value(after, property),
            ];
            let facts = [old.facts(before), stack.new.facts(after)];
            let (rule, words) = match is_kept(property, &values, &facts) {
                Some(true) => continue,
                Some(false) => (
                    AdviceRule::F9,
                    format!(
                        "`{property}` of a key cannot be changed: CloudFormation refuses the update"
                    ),
                ),
                None => (
                    AdviceRule::F8,
                    format!(
                        "whether `{property}` of a key changes is not known: CloudFormation refuses that"
                    ),
                ),
            };
            let words = format!("{words}; give the new key a logical ID of its own");
            self.advice
                .push(Advice::about(after.logical_id, rule, words));
        }
        match (old.is_enabled(before), stack.new.is_enabled(after)) {
            (Some(before), Some(after)) if before != after => Change::Update,
            _ => Change::None,
        }
    }

    /// Whether a target is what it was: a key that is made is not one that stands.
    fn is_same_key(&self, stack: &Stack<'_>, one: &Evaluated, other: &Evaluated) -> bool {
        let old = self.keys.reference(one);
        let new = self.keys.reference(other);
        let is_new = matches!(other, Evaluated::Text(parts) if parts.iter().any(|part| {
            matches!(part, Part::Key { stack: number, logical_id }
                if *number == stack.number
                    && !stack.old.as_ref().is_some_and(|old| old.all.contains_key(logical_id.as_str())))
        }));
        let id = |reference: &KeyReference| match reference {
            KeyReference::Text(text) => text.rsplit(":key/").next().map(String::from),
            _ => None,
        };
        !is_new && (old == new || (id(&old).is_some() && id(&old) == id(&new)))
    }

    /// What is known of a key that a stack makes; a replica is what its primary is.
    fn made(&self, stack: &Stack<'_>, resource: &Resource<'_>) -> KeyFacts {
        let mut facts = stack.new.facts(resource);
        if resource.kind == Kind::ReplicaKey
            && let Evaluated::Text(parts) = stack.new.value(resource, "PrimaryKeyArn")
            && let [Part::Key { stack, logical_id }] = &parts[..]
            && let Some(primary) = self.keys.facts.get(&(*stack, logical_id.clone()))
        {
            facts.spec = primary.spec;
            facts.usage = primary.usage;
            facts.origin = primary.origin;
        }
        facts
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
        step.notes = self.in_the_way(stack, wanted).into_iter().collect();
        step
    }

    /// What to do where the running template has the name of a new alias under another logical ID.
    fn in_the_way(&self, stack: &Stack<'_>, wanted: &Wanted<'_>) -> Option<Box<str>> {
        let (old, new) = (stack.old.as_ref()?, stack.new.all.get(wanted.logical_id)?);
        if wanted.deed != Deed::Create || new.kind != Kind::Alias {
            return None;
        }
        let name = stack.new.name(new);
        let mut aliases = old.all.values().filter(|it| it.kind == Kind::Alias);
        let before = aliases.find(|it| it.logical_id != new.logical_id && old.name(it) == name)?;
        let words = format!(
            "the running template has this alias under the logical ID `{}`, and what is new is made before the old \
             goes: keep that logical ID, or choose another name",
            before.logical_id
        );
        Some(words.into())
    }

    /// The logical ID; where another stack has the same, with the stack's name.
    fn label(&self, stack: &Stack<'_>, logical_id: &str) -> String {
        let has = |other: &Stack<'_>| {
            let old = other.old.as_ref();
            other.new.all.contains_key(logical_id)
                || old.is_some_and(|old| old.all.contains_key(logical_id))
        };
        let is_shared = self
            .stacks
            .iter()
            .filter(|other| has(other))
            .nth(1)
            .is_some();
        match stack.new.scope.stack_name {
            Some(name) if is_shared => [name, "/", logical_id].concat(),
            _ => logical_id.to_string(),
        }
    }

    fn of_alias(&self, resources: &Resources<'_>, resource: &Resource<'_>, deed: Deed) -> Request {
        let alias_name = self.name(resources, resource);
        let target = || {
            self.keys
                .reference(&resources.value(resource, "TargetKeyId"))
        };
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
            Deed::Create => Request::MakeKey {
                key: self.made(stack, resource),
            },
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

enum Change {
    None,
    Update,
    Replace,
}

/// What stands in for a key ID that could not be made; no key has it.
const STAND_IN: KeyId = KeyId::from_static("00000000-0000-0000-0000-000000000000");

/// Whether a property keeps its value, the default where it is absent; nothing where that is not known.
fn is_kept(property: &str, values: &[Evaluated; 2], facts: &[KeyFacts; 2]) -> Option<bool> {
    let [before, after] = values;
    if before == after {
        return Some(true);
    }
    let [one, other] = facts;
    match property {
        "KeySpec" => same(one.spec, other.spec),
        "KeyUsage" => same(one.usage, other.usage),
        "Origin" => same(one.origin, other.origin),
        "MultiRegion" => same(one.multi_region, other.multi_region),
        _ => same(before.as_known(), after.as_known()),
    }
}

fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<bool> {
    Some(one? == other?)
}
