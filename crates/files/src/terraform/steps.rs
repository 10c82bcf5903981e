//! From the instances of a plan to the requests that KMS will get.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

use super::address::{Address, reference_text};
use super::choice::Choices;
use super::configuration::Tree;
use super::follow::Follower;
use super::hidden::{self, HIDDEN_DELETE, HIDDEN_SCHEDULE, Hidden, NOT_MADE, RETRIED_CREATE};
use super::instance::{Action, Instance, Instances, Kind, is_key};
use super::made::create_key;
use super::origin::Origin;
use super::places::Places;
use super::read::{MOST_VISITS, Touched};
use super::regions;
use super::standpoint::Standpoint;
use crate::account::Accounts;
use crate::named_key::key_id_in;
use crate::run::Assumption;
use kms_alias::{KeyArn, Rule};
use kms_alias_foresee::verdict::{
    KeyFacts, KeyReference, NameForm, NameReference, Note, Place, Request, RunStep, UnknownKey,
    UnknownName,
};

/// A step, and the instance and action that it comes from.
pub(super) struct Planned {
    pub(super) instance: usize,
    pub(super) action: Action,
    pub(super) step: RunStep,
    /// Whether it names the key by a value that is known once the key is made.
    pub(super) waits_for_key: bool,
}

/// Makes steps of instances.
pub(super) struct Stepper<'t, 'p, 'a> {
    pub(super) tree: &'t Tree<'p, 'a>,
    pub(super) instances: &'t Instances<'a>,
    pub(super) all_places: &'t Places<'p, 'a>,
    pub(super) accounts: &'t Accounts,
    /// The aliases that the steps are about.
    pub(super) touched: Touched,
    /// Whether the key is followed of an alias that a data source reads.
    pub(super) is_reading: bool,
    /// As many looks at them are left.
    pub(super) visits: usize,
    /// Where each instance is after the run, and where it is before.
    pub(super) places: Vec<Place>,
    old_places: Vec<Place>,
    /// Whether the target of the step at hand is a key other than the one that its value is of.
    pub(super) is_related: bool,
    pub(super) follower: Follower<'t, 'p, 'a>,
    /// The step that makes the key of an instance, by the number of the instance.
    pub(super) made_by: Vec<Option<usize>>,
    /// The instance whose key a step makes, by the number of the step.
    makes: BTreeMap<usize, usize>,
    /// Which of several keys a value is.
    pub(super) choices: Choices<'t>,
    /// What is known of the key that each instance makes, once that was asked for.
    pub(super) facts_made: Vec<OnceCell<KeyFacts>>,
    /// How many instances each resource of the configuration has, once that was asked for.
    pub(super) of_path: OnceCell<BTreeMap<&'t str, usize>>,
    /// Whether keys are enabled by updates whose values are not known, as it is assumed.
    enabled: BTreeMap<usize, bool>,
    /// The aliases that go and are not made again, and those that are forgotten, by provider, place and name.
    going: BTreeMap<(bool, Place, &'t str), usize>,
}

/// The provider's waiting period before a key is deleted, in days (rule S4).
const WAITING_PERIOD: i64 = 30;

impl<'t, 'p, 'a> Stepper<'t, 'p, 'a> {
    pub(super) fn new(
        tree: &'t Tree<'p, 'a>,
        instances: &'t Instances<'a>,
        all_places: &'t Places<'p, 'a>,
        accounts: &'t Accounts,
        assumed: &'t [Assumption],
    ) -> Self {
        let each = || instances.all.iter();
        let places: Vec<_> = each().map(|it| all_places.of_made(it)).collect();
        Self {
            tree,
            instances,
            all_places,
            accounts,
            touched: Touched::default(),
            is_reading: false,
            visits: MOST_VISITS,
            going: going(instances, &places),
            places,
            old_places: each().map(|it| all_places.of_asked(it)).collect(),
            is_related: false,
            follower: Follower::new(tree, instances),
            made_by: Vec::new(),
            makes: BTreeMap::new(),
            choices: Choices::new(assumed),
            facts_made: each().map(|_| OnceCell::new()).collect(),
            of_path: OnceCell::new(),
            enabled: BTreeMap::new(),
        }
    }

    /// The steps in the order of the plan's own list, and of each instance in the order of its
    /// actions.
    pub(super) fn steps(&mut self) -> Vec<Planned> {
        let mut wanted = Vec::new();
        for (number, instance) in self.instances.all.iter().enumerate() {
            for action in &instance.actions {
                if *action == Action::Update
                    && let Some(is_enabled) = self.is_enabled_later(instance)
                {
                    self.enabled.insert(number, is_enabled);
                }
                if self.asks(number, instance, *action) {
                    wanted.push((number, *action));
                }
            }
        }
        self.touched = self.touched(&wanted);
        self.made_by = Vec::from_iter(self.instances.all.iter().map(|_| None));
        for (step, (number, action)) in wanted.iter().enumerate() {
            let is_key = self
                .instances
                .all
                .get(*number)
                .is_some_and(|it| it.kind.is_key());
            if *action == Action::Create
                && is_key
                && let Some(made_by) = self.made_by.get_mut(*number)
            {
                *made_by = Some(step);
                self.makes.insert(step, *number);
            }
        }
        let each = wanted.into_iter();
        each.filter_map(|(instance, action)| {
            self.is_related = false;
            let step = self.step(instance, action)?;
            Some(Planned {
                instance,
                action,
                step,
                waits_for_key: !self.is_related,
            })
        })
        .collect()
    }

    /// Whether an action asks anything of KMS that concerns keys and aliases.
    fn asks(&self, number: usize, instance: &Instance<'_>, action: Action) -> bool {
        if action != Action::Update {
            return true;
        }
        if instance.kind.is_key() {
            let attribute = instance.enabled_attribute();
            let (before, after) = (&instance.before, &instance.after);
            let later = self.enabled.get(&number).copied();
            let after = after.boolean(attribute).or(later);
            return after.is_some() && after != before.boolean(attribute);
        }
        let target = "target_key_id";
        match (instance.before.text(target), instance.target_after()) {
            (Some(before), Some(after)) => {
                let place = self.old_places.get(number);
                let is_elsewhere = before != after && place.is_some_and(|it| is_outside(after, it));
                !is_same_key(before, after) || !is_key(before) || is_elsewhere
            }
            (_, after) => {
                after.is_some()
                    || instance.unknown.is_true(target)
                    || instance.sensitive.is_true(target)
            }
        }
    }

    /// Where a step is.
    pub(super) fn place_of(&self, number: usize, action: Action) -> Place {
        let places = match action {
            Action::Create => &self.places,
            Action::Update | Action::Delete => &self.old_places,
        };
        places.get(number).copied().unwrap_or_default()
    }

    fn step(&mut self, number: usize, action: Action) -> Option<RunStep> {
        let instances = self.instances;
        let instance = instances.all.get(number)?;
        let place = self.place_of(number, action);
        self.follower.by_any_value = false;
        let (request, note) = if instance.kind == Kind::Alias {
            self.of_alias(number, instance, action)
        } else {
            self.of_key(number, instance, action)
        };
        let mut step = RunStep::new(place, request);
        step.address = Some(instance.address.as_str().into());
        step.notes = note.into_iter().map(Hidden::note).collect();
        step.notes.extend(self.all_places.note(&instance.address));
        if action != Action::Delete && instance.kind == Kind::Alias {
            step.notes.extend(regions::note(instance));
            step.notes.extend(self.all_places.note_of_account(instance));
            let by_any_value = self.follower.by_any_value;
            step.notes.extend(by_any_value.then(hidden::by_any_value));
        }
        if action == Action::Create && instance.kind == Kind::Alias {
            step.notes.extend(self.renamed(number, instance));
        }
        Some(step)
    }

    /// What to do where a resource goes that has the name of a new one: it may be the same alias
    /// under another address.
    fn renamed(&self, number: usize, instance: &Instance<'_>) -> Option<Note> {
        let name = instance.after.text(instance.name_attribute())?;
        let place = *self.places.get(number)?;
        let old = *self.going.get(&(instance.is_awscc, place, name))?;
        let old = self.instances.all.get(old)?;
        let (new, is_forgotten, old) = (&instance.address, old.is_forgotten, &old.address);
        let words = match is_forgotten {
            true => format!(
                "{old} has this name, and Terraform only stops managing it (`forget`): the alias stays; a block `import` \
                 with the ID {name} to {new} takes it over"
            ),
            false => format!(
                "{old} has this name and goes in the same run: if it is the same alias, a block `moved` from {old} to \
                 {new} keeps it"
            ),
        };
        Some(Note::new(words, &[Rule::A6]))
    }

    fn of_alias(
        &mut self,
        number: usize,
        instance: &Instance<'_>,
        action: Action,
    ) -> (Request, Option<Hidden>) {
        match action {
            Action::Create => {
                let request = Request::CreateAlias {
                    alias_name: self.new_name(instance),
                    target_key_id: self.target(number, instance),
                };
                let note = self.where_not_found(number, &request);
                (request, (!instance.is_awscc).then_some(note))
            }
            Action::Update => {
                let request = Request::UpdateAlias {
                    alias_name: instance.standing_name(),
                    target_key_id: self.target(number, instance),
                };
                (request, None)
            }
            Action::Delete => {
                let alias_name = instance.standing_name();
                let note = (!instance.is_awscc).then_some(HIDDEN_DELETE);
                (Request::DeleteAlias { alias_name }, note)
            }
        }
    }

    /// What the provider does where the key of a new alias is not found.
    fn where_not_found(&self, number: usize, request: &Request) -> Hidden {
        let Some(KeyReference::MadeBy(step)) = request.references().1 else {
            return RETRIED_CREATE;
        };
        let key = self.makes.get(step);
        match key.is_some_and(|key| self.is_one_place(*key, number)) {
            true => NOT_MADE,
            false => RETRIED_CREATE,
        }
    }

    fn of_key(
        &mut self,
        number: usize,
        instance: &Instance<'_>,
        action: Action,
    ) -> (Request, Option<Hidden>) {
        let key_id = || match instance.key_before() {
            Some(text) => KeyReference::Text(text.into()),
            None => unknown_key(&instance.address, KeyFacts::customer_managed()),
        };
        match action {
            Action::Create if instance.kind.is_replica() => {
                (self.replicate(number, instance), None)
            }
            Action::Create => (create_key(instance, self.tree), None),
            Action::Update => {
                let enabled = instance.after.boolean(instance.enabled_attribute());
                let enabled = enabled.or(self.enabled.get(&number).copied());
                let key_id = key_id();
                let request = if enabled == Some(true) {
                    Request::EnableKey { key_id }
                } else {
                    Request::DisableKey { key_id }
                };
                (request, None)
            }
            Action::Delete => {
                let days = instance.before.integer("deletion_window_in_days");
                let days = days.or(instance.before.integer("pending_window_in_days"));
                let request = Request::ScheduleKeyDeletion {
                    key_id: key_id(),
                    pending_window_in_days: Some(days.unwrap_or(WAITING_PERIOD)),
                };
                (request, (!instance.is_awscc).then_some(HIDDEN_SCHEDULE))
            }
        }
    }

    /// The name of an alias that is made.
    pub(super) fn new_name(&self, instance: &Instance<'_>) -> NameReference {
        let attribute = instance.name_attribute();
        // What is shown in place of a sensitive name is none.
        let is_shown =
            |name: &&str| !instance.sensitive.is_true(attribute) || name.starts_with("alias/");
        if let Some(name) = instance.after.text(attribute).filter(is_shown) {
            return NameReference::Text(name.into());
        }
        let resource = self.tree.resource(&instance.path);
        let is_said = resource.is_some_and(|resource| resource.has_expression(attribute));
        let is_prefix_hidden = instance.unknown.is_true("name_prefix")
            && resource.is_some_and(|resource| resource.has_expression("name_prefix"));
        let prefix = instance.after.text("name_prefix");
        let prefix = prefix.filter(|prefix| {
            !instance.sensitive.is_true("name_prefix") || prefix.starts_with("alias/")
        });
        // The provider takes a name or a prefix of one, and never both.
        let is_generated = (!is_said || prefix.is_some())
            && !instance.sensitive.is_true(attribute)
            && !instance.is_awscc;
        NameReference::Unknown(UnknownName {
            label: [&*instance.address, ".", attribute].concat().into(),
            prefix: match prefix {
                Some(prefix) if is_generated => prefix.into(),
                None if is_generated && !is_prefix_hidden && resource.is_some() => "alias/".into(),
                _ => Box::default(),
            },
            is_unique: is_generated && (prefix.is_some() || resource.is_some()),
            form: NameForm::Any,
        })
    }

    pub(super) fn origins(&mut self, instance: &Instance<'_>, attribute: &str) -> BTreeSet<Origin> {
        let resource = self.tree.resource(&instance.path);
        let expression = resource.and_then(|resource| resource.expression(attribute));
        let references = expression.map(|it| it.references).unwrap_or_default();
        let at = Standpoint::of(instance, self.tree);
        let provider = resource.and_then(|it| it.provider_config_key.as_deref());
        self.follower.provider = provider.map(String::from);
        self.follower.origins(&at, &references)
    }

    /// The key that an alias is to name.
    pub(super) fn target(&mut self, number: usize, instance: &Instance<'_>) -> KeyReference {
        if let Some(text) = instance.target_after() {
            return match reference_text(text) {
                Some(reference) => self.referred(number, instance, &reference),
                None => KeyReference::Text(text.into()),
            };
        }
        let origins = self.origins(instance, "target_key_id");
        self.settle(number, instance, &origins)
    }

    /// The key that reference text names.
    fn referred(
        &mut self,
        number: usize,
        instance: &Instance<'_>,
        reference: &str,
    ) -> KeyReference {
        let address = Address::parse(reference);
        if address.modules.is_empty() {
            let numbers = self
                .instances
                .of_resource(&instance.module_instance, &address.resource);
            let all = &self.instances.all;
            let mut chosen = numbers.iter().filter_map(|number| all.get(*number));
            let named = match address.index {
                Some(index) => chosen.find(|it| it.index.as_deref() == Some(index)),
                None if numbers.len() == 1 => chosen.next(),
                None => None,
            };
            if let Some(named) = named.filter(|it| it.kind.is_key() && !it.is_created())
                && let Some(text) = named.key_before()
            {
                return KeyReference::Text(text.into());
            }
        }
        let at = Standpoint::of(instance, self.tree);
        let origins = self.follower.origins(&at, &[reference.into()]);
        self.settle(number, instance, &origins)
    }

    /// The key that a value is which comes from one of these.
    pub(super) fn settle(
        &mut self,
        number: usize,
        instance: &Instance<'_>,
        origins: &BTreeSet<Origin>,
    ) -> KeyReference {
        let mut each = origins.iter();
        match (each.next(), each.next()) {
            (Some(only), None) => self.reference(only, number, instance),
            (None, _) => unknown_key(
                &[&*instance.address, ".target_key_id"].concat(),
                KeyFacts::default(),
            ),
            _ => {
                if let Some(one) = self.alias_or_key(number, instance, origins) {
                    return one;
                }
                let label = [&*instance.address, ".target_key_id"].concat();
                let instances = self.instances;
                let named = origins.iter().map(|it| (it, name_of(it, instances)));
                match self.choices.chosen(&label, named) {
                    Some(only) => self.reference(only, number, instance),
                    None => self.one_of(number, instance, origins),
                }
            }
        }
    }

    fn reference(
        &mut self,
        origin: &Origin,
        number: usize,
        instance: &Instance<'_>,
    ) -> KeyReference {
        match origin {
            Origin::Key(key, form) => self.made(*key, *form, number, instance),
            Origin::Text(text) => KeyReference::Text(text.as_str().into()),
            Origin::Elsewhere {
                label,
                read,
                series,
            } => self.read(read, label, series.as_deref(), number),
        }
    }
}

/// What a value is called that it may come from.
pub(super) fn name_of(origin: &Origin, instances: &Instances<'_>) -> String {
    match origin {
        Origin::Key(number, _) => {
            let key = instances.all.get(*number);
            key.map_or_else(String::new, |key| key.address.clone())
        }
        Origin::Text(text) => text.clone(),
        Origin::Elsewhere { label, .. } => label.clone(),
    }
}

/// The aliases that go and are not made again, and those that Terraform stops managing.
fn going<'t>(
    instances: &'t Instances<'_>,
    places: &[Place],
) -> BTreeMap<(bool, Place, &'t str), usize> {
    let each = instances.all.iter().zip(places).enumerate();
    let going = each.filter(|(_, (instance, _))| {
        let is_gone = instance.actions == [Action::Delete] || instance.is_forgotten;
        instance.kind == Kind::Alias && is_gone
    });
    going
        .filter_map(|(number, (instance, place))| {
            Some(((instance.is_awscc, *place, instance.name_before()?), number))
        })
        .collect()
}

pub(super) fn unknown_key(label: &str, facts: KeyFacts) -> KeyReference {
    KeyReference::Unknown(UnknownKey {
        label: label.into(),
        facts,
        series: None,
    })
}

/// Whether a text is the ARN of a key of another account or Region: it names none here, though the
/// ID is that of a key here.
fn is_outside(text: &str, place: &Place) -> bool {
    let arn = text.parse::<KeyArn>();
    arn.is_ok_and(|arn| Place::from(arn.scope()).is_apart(place))
}

/// Whether two texts name one key, by ID or by ARN.
fn is_same_key(one: &str, other: &str) -> bool {
    let id = key_id_in(one);
    one == other || (id.is_some() && id == key_id_in(other))
}
