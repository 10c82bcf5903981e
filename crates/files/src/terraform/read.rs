//! Values of data sources that are read while a plan is applied.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::address::{Address, join};
use super::attributes::Attributes;
use super::follow::Follower;
use super::index::OwnIndex;
use super::instance::{Action, DataRead, Kind};
use super::origin::Origin;
use super::places::Places;
use super::standpoint::Standpoint;
use super::steps::Stepper;
use crate::advice::{Advice, AdviceRule};
use crate::graph::nearest;
use kms_alias::{AliasArn, AnyAliasName, KeyArn, KeyId};
use kms_alias_foresee::verdict::{
    AliasList, KeyFacts, KeyReference, NameReference, Place, UnknownKey,
};

/// As many steps through the configuration are taken in all.
pub(super) const MOST_VISITS: usize = 5_000_000;

/// What a data source tells of a key by having read it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    /// The value is not read from KMS, or in another place than the alias.
    Not,
    /// The key exists.
    Key(Asked),
    /// It is the key of a customer's alias (rule H1).
    OfAlias(Asked),
    /// It is the key of one of AWS's aliases (rule H2): if there is no such alias, nothing is read,
    /// and the request is never made.
    OfAwsAlias(Asked),
}

/// What a data source asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// The address of the data source, without an index.
    data: String,
    /// The index of its instance, where that is known.
    index: Option<String>,
    /// The attribute that is taken.
    attribute: Option<String>,
    /// Whether it has another provider block than what takes the value.
    is_of_other_provider: bool,
    /// The alias or the key, where the plan shows it and the value is read while the plan is applied.
    text: Option<String>,
}

impl Read {
    fn facts(&self) -> KeyFacts {
        match self {
            Self::Not => KeyFacts::default(),
            Self::Key(_) => KeyFacts::existing(),
            Self::OfAlias(_) => KeyFacts::customer_managed(),
            Self::OfAwsAlias(_) => KeyFacts::aws_managed(),
        }
    }

    const fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Not => None,
            Self::Key(asked) | Self::OfAlias(asked) | Self::OfAwsAlias(asked) => Some(asked),
        }
    }
}

/// The aliases that steps of a plan make, move or delete.
#[derive(Default)]
pub(super) struct Touched {
    names: BTreeMap<String, BTreeSet<(Place, usize, Action)>>,
    /// What names begin with that are not known, and that may be those of aliases that stand.
    unknown: BTreeSet<(Place, String)>,
}

impl Touched {
    fn add(&mut self, place: Place, name: &NameReference, instance: usize, action: Action) {
        match name {
            NameReference::Text(name) => {
                let of_name = self.names.entry(name.as_ref().into()).or_default();
                of_name.insert((place, instance, action));
            }
            NameReference::Unknown(name) if !name.is_unique => {
                self.unknown.insert((place, name.prefix.as_ref().into()));
            }
            NameReference::Unknown(_) | NameReference::Absent => {}
        }
    }

    /// Whether a step about an alias whose name is not known may be about this one.
    fn may_have(&self, place: &Place, name: &str) -> bool {
        let fits = |(other, prefix): &(Place, String)| {
            name.starts_with(prefix.as_str()) && !place.is_apart(other)
        };
        self.unknown.iter().any(fits)
    }

    fn of_name(&self, place: Place, name: &str) -> impl Iterator<Item = &(Place, usize, Action)> {
        let of_name = self.names.get(name).into_iter().flatten();
        of_name.filter(move |(other, ..)| !place.is_apart(other))
    }

    fn has(&self, place: &Place, name: &str) -> bool {
        self.may_have(place, name) || self.of_name(*place, name).next().is_some()
    }

    /// The instance that makes an alias, where no other step is about it.
    fn maker(&self, place: &Place, name: &str) -> Option<usize> {
        let mut of_name = self.of_name(*place, name);
        match (of_name.next(), of_name.next()) {
            (Some((at, maker, Action::Create)), None) if at == place => {
                (!self.may_have(place, name)).then_some(*maker)
            }
            _ => None,
        }
    }
}

impl Stepper<'_, '_, '_> {
    /// The aliases that the steps are about.
    pub(super) fn touched(&self, wanted: &[(usize, Action)]) -> Touched {
        let mut touched = Touched::default();
        for (number, action) in wanted {
            let Some(instance) = self.instances.all.get(*number) else {
                continue;
            };
            if instance.kind != Kind::Alias {
                continue;
            }
            let place = self.place_of(*number, *action);
            let name = match action {
                Action::Create => self.new_name(instance),
                Action::Update | Action::Delete => instance.standing_name(),
            };
            touched.add(place, &name, *number, *action);
        }
        touched
    }

    /// The key that something tells which is not followed: one that is read, as far as it is known.
    pub(super) fn read(
        &mut self,
        read: &Read,
        label: &str,
        series: Option<&str>,
        alias: usize,
    ) -> KeyReference {
        let place = self.place(alias);
        let unknown = KeyReference::Unknown(UnknownKey {
            label: label.into(),
            facts: self.facts_read(read, place),
            series: series.map(Box::from),
        });
        if let Some(named) = self.named_by_arn(read) {
            return named;
        }
        if let Some(key_id) = self.key_read(read, place) {
            return KeyReference::Text(key_id.to_string().into());
        }
        let maker = self.made_before(read, place).filter(|_| !self.is_reading);
        let instances = self.instances;
        match maker.and_then(|maker| Some((maker, instances.all.get(maker)?))) {
            Some((maker, instance)) => {
                // What makes the alias may itself name a key that is read: that is not followed.
                self.is_reading = true;
                let target = self.target(maker, instance);
                self.is_reading = false;
                target
            }
            None => unknown,
        }
    }

    /// The instance that makes the alias which is read: nothing else is about it, the name is free, and
    /// the data source is read after it. Were the request refused, nothing would be read.
    fn made_before(&mut self, read: &Read, place: Place) -> Option<usize> {
        let asked = read.asked().filter(|asked| self.is_at(asked, place))?;
        let name = alias_asked(asked.text.as_deref()?, place)?;
        let maker = self.touched.maker(&place, name.as_str())?;
        let is_free = self.accounts.get(&place).is_none_or(|known| {
            known.alias_list != AliasList::Incomplete && known.table().get(&name).is_none()
        });
        let instance = self.instances.all.get(maker).filter(|_| is_free)?;
        let data = self.tree.number(&Address::parse(&asked.data).path())?;
        let made = self.tree.number(&instance.path)?;
        let dependencies = self.tree.dependencies();
        let found = nearest(data, dependencies, &mut self.visits, |number| {
            number == made
        });
        found.contains(&made).then_some(maker)
    }

    /// What is known of a key that is read, at the place of the alias that is to name it.
    pub(super) fn facts_read(&self, read: &Read, place: Place) -> KeyFacts {
        match read.asked() {
            Some(asked) if !self.is_at(asked, place) => KeyFacts::default(),
            _ => read.facts(),
        }
    }

    /// The key that a data source is asked for by its ARN, which is what it tells: whosever it is.
    fn named_by_arn(&self, read: &Read) -> Option<KeyReference> {
        let asked = read.asked()?;
        let arn: KeyArn = asked.text.as_deref()?.parse().ok()?;
        // Of another Region none is read, of another account one may be.
        let here = self.places_read(asked)?.region;
        let is_read = here.is_none_or(|here| here == arn.scope().region());
        let text = match asked.attribute.as_deref().filter(|_| is_read)? {
            "arn" => arn.to_string(),
            "id" => arn.key_id().to_string(),
            _ => return None,
        };
        Some(KeyReference::Text(text.into()))
    }

    /// The key that a data source reads, and where it is.
    pub(super) fn key_read_there(&self, read: &Read) -> Option<(KeyId, Place)> {
        let place = self.places_read(read.asked()?)?;
        Some((self.key_read(read, place)?, place))
    }

    /// Whether a data source certainly reads in a place.
    fn is_at(&self, asked: &Asked, place: Place) -> bool {
        let is_told = !asked.is_of_other_provider || place.scope().is_some();
        is_told && self.places_read(asked) == Some(place)
    }

    /// Where a data source reads; nothing of several instances that read in several places.
    fn places_read(&self, asked: &Asked) -> Option<Place> {
        /// As many instances are looked at.
        const MOST: usize = 16;
        let reads = self.instances.reads_of(&asked.data, asked.index.as_deref());
        if reads.is_empty() {
            return Some(place_of(self.all_places, &asked.data));
        }
        let mut each = reads.iter().map(|read| self.place_read(read));
        let first = each.next()?;
        (reads.len() <= MOST && each.all(|place| place == first)).then_some(first)
    }

    /// Where an instance of a data source reads.
    fn place_read(&self, read: &DataRead<'_>) -> Place {
        let none = Attributes::default();
        let values = [&read.after, &none];
        let places = self.all_places;
        places.of_resource(&read.address, values, &read.unknown)
    }

    /// The key that is read, where the accounts tell it: the alias that is asked for stands all
    /// through the run as they have it.
    pub(super) fn key_read(&self, read: &Read, place: Place) -> Option<KeyId> {
        let asked = read.asked().filter(|asked| self.is_at(asked, place))?;
        let text = asked.text.as_deref()?;
        place.scope()?;
        if let Some(name) = alias_asked(text, place) {
            let is_open = self.touched.has(&place, name.as_str());
            return self
                .accounts
                .key_of_alias(&place, &name)
                .filter(|_| !is_open);
        }
        let key_id = match text.parse::<KeyArn>() {
            Ok(arn) if Place::from(arn.scope()).is_apart(&place) => return None,
            Ok(arn) => arn.key_id(),
            Err(_) => text.parse().ok()?,
        };
        let is_known = self.accounts.facts_of(&place, &key_id).exists;
        is_known.then_some(key_id)
    }

    /// The data sources that ask for an alias which neither stands nor is made (rule F11).
    pub(super) fn missing_reads(&self) -> Vec<Advice> {
        let mut advice = Vec::new();
        for (read, asked) in self.instances.reads() {
            let place = self.place_read(read);
            let Some(name) = alias_asked(asked, place).filter(|name| !name.is_aws()) else {
                continue;
            };
            let lacks = self.accounts.get(&place).is_some_and(|known| {
                known.alias_list == AliasList::Complete && known.table().get(&name).is_none()
            });
            if lacks && !self.touched.has(&place, name.as_str()) {
                let words = format!(
                    "it reads {name} while the plan is applied, the list of aliases lacks this name, and no step of this \
                     plan makes it: unless something else makes it first, reading fails and what needs it is not asked \
                     for; make the alias in this plan, or mend the name"
                );
                advice.push(Advice::about(&read.address, AdviceRule::F11, words));
            }
        }
        advice
    }
}

/// Where a data source reads that has no Region of its own.
fn place_of(places: &Places<'_, '_>, address: &str) -> Place {
    let none = Attributes::default();
    places.of_resource(address, [&none, &none], &none)
}

/// The alias that a text asks for, by name or by an ARN of this place.
fn alias_asked(text: &str, place: Place) -> Option<AnyAliasName> {
    if let Ok(arn) = text.parse::<AliasArn>() {
        let is_here = !Place::from(arn.scope()).is_apart(&place);
        return is_here.then(|| arn.alias_name().to_owned());
    }
    text.parse().ok()
}

impl Follower<'_, '_, '_> {
    /// The value of a data source, or of a resource that is none of KMS.
    pub(super) fn of_data(
        &mut self,
        (at, own_index): (&Standpoint<'_>, Option<&OwnIndex>),
        address: &Address<'_>,
        reference: &str,
    ) -> Origin {
        let is_alias = address.resource.starts_with("data.aws_kms_alias.");
        // The alias itself in place of its key: what it is called does not matter (rule K5).
        if is_alias && matches!(address.attribute, Some("arn" | "id" | "name")) {
            return Origin::Text([ALIAS, reference].concat());
        }
        let read = if is_alias || address.resource.starts_with("data.aws_kms_key.") {
            let asked_by = if is_alias { "name" } else { "key_id" };
            self.read((at, own_index), address, asked_by)
        } else {
            Read::Not
        };
        Origin::Elsewhere {
            label: join(&at.module_instance, reference),
            read,
            series: None,
        }
    }

    /// What a data source reads: the attribute says of which alias.
    fn read(
        &mut self,
        (at, own_index): (&Standpoint<'_>, Option<&OwnIndex>),
        address: &Address<'_>,
        attribute: &str,
    ) -> Read {
        let resource = self
            .tree
            .resource(&join(&at.module_path, &address.resource));
        let provider = resource.and_then(|it| it.provider_config_key.as_deref());
        let is_of_other_provider = match (provider, &self.provider) {
            (Some(one), Some(other)) => block(one) != block(other),
            _ => false,
        };
        let place = join(&at.module_instance, &address.resource);
        let is_planned = self.instances.is_read(&place);
        let has_region = resource.is_some_and(|it| it.has_expression("region"));
        if !is_planned && (is_of_other_provider || has_region) {
            return Read::Not;
        }
        let index = address.index.map(ToOwned::to_owned).or_else(|| {
            let own = own_index?;
            self.indexes.own(self.instances, own, &at.indexed, &place)
        });
        let constant = || resource.and_then(|it| it.expression(attribute)?.constant);
        let names = match is_planned {
            true => self.instances.read_names(&place, index.as_deref()),
            false => [constant()].into(),
        };
        let text = match names.as_slice() {
            // Of a whole alias the name may be taken as well as the key.
            [Some(only)]
                if is_planned && (attribute == "key_id" || address.attribute.is_some()) =>
            {
                Some(only.clone())
            }
            _ => None,
        };
        let asked = Asked {
            data: place,
            index,
            attribute: address.attribute.map(ToOwned::to_owned),
            is_of_other_provider,
            text,
        };
        let all = |prefix: &str| {
            let is_so = |name: &Option<String>| {
                name.as_deref().is_some_and(|name| name.starts_with(prefix))
            };
            !names.is_empty() && names.iter().all(is_so)
        };
        let any_of_aws = names.iter().flatten().any(|name| name.starts_with(AWS));
        match (all(AWS), all(ALIAS)) {
            (true, _) => Read::OfAwsAlias(asked),
            (_, true) if !any_of_aws => Read::OfAlias(asked),
            _ => Read::Key(asked),
        }
    }
}

/// What the name of an alias begins with, and that of one of AWS's.
const ALIAS: &str = "alias/";
const AWS: &str = "alias/aws/";

/// The name of a provider block, without the module that hands it on.
fn block(key: &str) -> &str {
    key.rsplit(':').next().unwrap_or(key)
}
