//! What is known of one account and Region before a run.

use hashbrown::HashMap;
use kms_alias::{
    AccountId, AliasTable, AnyAliasName, KeyId, Partition, Region, ReservedNames, Scope,
};

use super::facts::KeyFacts;
use super::place::Place;

/// How much the list of an account's keys tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyList {
    /// No list, or a part of one: a key that is not in it may exist.
    #[default]
    Incomplete,
    /// The whole list: a key that is not in it does not exist (rule H4).
    Complete,
}

/// How much the list of an account's aliases tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AliasList {
    /// No list: a name that nothing mentions is taken as free, and a key as having no aliases but
    /// those that are mentioned. This is assumed, and a summary has to say so (rule H6).
    #[default]
    Absent,
    /// A part of the list: a name that is not in it may be free or taken.
    Incomplete,
    /// The whole list: a name that is not in it is free (rule H5).
    Complete,
}

/// What is known of one account and Region before a run.
///
/// A table holds the keys that are described and the aliases on them. Of other keys it is known
/// that they exist, and perhaps more.
///
/// ```
/// use kms_alias::{AccountId, KeyId, Region, Scope};
/// use kms_alias_foresee::verdict::{AliasList, KeyFacts, Knowledge, Place};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut knowledge = Knowledge::new(Place::from(scope));
/// knowledge.insert_alias_of_undescribed_key("alias/payments".parse()?, key_id);
/// knowledge.alias_list = AliasList::Complete;
///
/// // A customer's alias names it: it exists and is customer managed (rule H1).
/// assert_eq!(knowledge.facts_of(&key_id), KeyFacts::customer_managed());
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Knowledge {
    place: Place,
    table: AliasTable,
    undescribed: HashMap<KeyId, KeyFacts>,
    aliases: HashMap<AnyAliasName, KeyId>,
    aliases_of: HashMap<KeyId, Vec<AnyAliasName>>,
    /// How much the list of keys tells.
    pub key_list: KeyList,
    /// How much the list of aliases tells.
    pub alias_list: AliasList,
}

impl Knowledge {
    /// A place of which nothing is known.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let table = AliasTable::new(stand_in(place));
        Self {
            place,
            ..Self::from(table)
        }
    }

    /// The same under another reading of rule A4.
    #[must_use]
    pub fn with_reserved_names(mut self, reserved_names: ReservedNames) -> Self {
        self.table = self.table.with_reserved_names(reserved_names);
        self
    }

    /// The same with another quota of aliases per key (rule T6).
    #[must_use]
    pub fn with_aliases_per_key(mut self, quota: u32) -> Self {
        self.table = self.table.with_aliases_per_key(quota);
        self
    }

    /// The place.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The keys that are described, and the aliases on them.
    #[must_use]
    pub const fn table(&self) -> &AliasTable {
        &self.table
    }

    /// The table, to put keys and aliases into it.
    ///
    /// Where account or Region are unknown, the table is of a scope that stands in for them: its
    /// keys are of that scope.
    #[must_use]
    pub const fn table_mut(&mut self) -> &mut AliasTable {
        &mut self.table
    }

    /// Takes the table out.
    #[must_use]
    pub fn into_table(self) -> AliasTable {
        self.table
    }

    /// Notes what is known of a key that is not described; what was known before stays known.
    ///
    /// Of a key that the table describes nothing is noted: its description wins.
    pub fn insert_undescribed_key(&mut self, key_id: KeyId, facts: KeyFacts) {
        if self.table.key(key_id).is_none() {
            let known = self.undescribed.entry(key_id).or_default();
            *known = known.or(facts);
        }
    }

    /// Notes an alias whose key is not described: the key exists, and who manages it follows from
    /// the name (rules H1, H2).
    pub fn insert_alias_of_undescribed_key(&mut self, alias_name: AnyAliasName, key_id: KeyId) {
        let facts = if alias_name.is_aws() {
            KeyFacts::aws_managed()
        } else {
            KeyFacts::customer_managed()
        };
        self.insert_undescribed_key(key_id, facts);
        match self.aliases.insert(alias_name.clone(), key_id) {
            Some(known) if known == key_id => return,
            Some(known) => {
                let aliases = self.aliases_of.entry(known).or_default();
                aliases.retain(|alias| *alias != alias_name);
            }
            None => {}
        }
        let aliases = self.aliases_of.entry(key_id).or_default();
        aliases.push(alias_name);
    }

    /// Forgets an alias whose key is not described.
    pub(super) fn remove_alias_of_undescribed_key(&mut self, alias_name: &AnyAliasName) {
        if let Some(key_id) = self.aliases.remove(alias_name) {
            let aliases = self.aliases_of.entry(key_id).or_default();
            aliases.retain(|alias| alias != alias_name);
        }
    }

    /// What is known of a key that the table does not describe; whether it is multi-Region, its ID
    /// says (rule H3).
    #[must_use]
    pub fn facts_of(&self, key_id: &KeyId) -> KeyFacts {
        let noted = self.undescribed.get(key_id).copied().unwrap_or_default();
        if !self.table.knows_key(key_id) {
            return noted;
        }
        // The table holds it, undescribed; its aliases say who manages it (rules H1, H2).
        let mut facts = noted.or(KeyFacts::existing());
        for alias in self.table.aliases_of(*key_id) {
            facts = facts.or(if alias.to_name().is_aws() {
                KeyFacts::aws_managed()
            } else {
                KeyFacts::customer_managed()
            });
        }
        facts
    }

    /// The key on which an alias stands; none if the name is not taken.
    pub(super) fn stands_on(&self, name: &str) -> Option<KeyId> {
        match self.table.get(name) {
            Some(alias) => alias.target_key_id(),
            None => self.aliases.get(name).copied(),
        }
    }

    /// Whether an alias of this name stands on a key that is not described.
    pub(super) fn stands_on_undescribed(&self, name: &str) -> bool {
        !self.aliases.is_empty() && self.aliases.contains_key(name)
    }

    /// The aliases of a key, AWS's own not among them.
    pub(super) fn names_on(&self, key_id: &KeyId) -> Vec<AnyAliasName> {
        let mine = self.table.aliases_of(*key_id);
        let mine = mine.map(|alias| alias.to_name());
        let others = self.aliases_of.get(key_id).into_iter().flatten().cloned();
        let names = mine.chain(others).filter(|name| !name.is_aws());
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether a key that the table does not describe may exist (rule H4).
    pub(super) fn may_exist(&self, key_id: &KeyId) -> bool {
        self.key_list == KeyList::Incomplete || self.facts_of(key_id).exists
    }

    /// The keys that are not described, by ID, with what is known of them.
    pub fn undescribed_keys(&self) -> impl Iterator<Item = (&KeyId, &KeyFacts)> {
        let mut keys: Vec<_> = self.undescribed.iter().collect();
        keys.sort_unstable_by_key(|(key_id, _)| **key_id);
        keys.into_iter()
    }

    /// The key of an alias, if the alias is known and its key is not described.
    #[must_use]
    pub fn undescribed_key_of(&self, alias_name: &AnyAliasName) -> Option<KeyId> {
        self.aliases.get(alias_name).copied()
    }

    /// The aliases whose key is not described, by name, with their key.
    pub fn aliases_of_undescribed_keys(&self) -> impl Iterator<Item = (&AnyAliasName, &KeyId)> {
        let mut aliases: Vec<_> = self.aliases.iter().collect();
        aliases.sort_unstable();
        aliases.into_iter()
    }
}

impl From<AliasTable> for Knowledge {
    /// A table of which everything is described.
    fn from(table: AliasTable) -> Self {
        Self {
            place: table.scope().into(),
            table,
            undescribed: HashMap::new(),
            aliases: HashMap::new(),
            aliases_of: HashMap::new(),
            key_list: KeyList::default(),
            alias_list: AliasList::default(),
        }
    }
}

/// What stands in for an account that is unknown: no account has this number.
const ACCOUNT: AccountId = AccountId::from_static("000000000000");

/// The scope of a table whose account or Region is unknown.
pub(super) fn stand_in(place: Place) -> Scope {
    let region = match place.partition() {
        None | Some(Partition::Aws) => Region::from_static("us-unknown-0"),
        Some(Partition::AwsCn) => Region::from_static("cn-unknown-0"),
        Some(Partition::AwsEusc) => Region::from_static("eusc-de-unknown-0"),
        Some(Partition::AwsIso) => Region::from_static("us-iso-unknown-0"),
        Some(Partition::AwsIsoB) => Region::from_static("us-isob-unknown-0"),
        Some(Partition::AwsIsoE) => Region::from_static("eu-isoe-unknown-0"),
        Some(Partition::AwsIsoF) => Region::from_static("us-isof-unknown-0"),
        _ => Region::from_static("us-gov-unknown-0"),
    };
    Scope::new(
        place.region.unwrap_or(region),
        place.account.unwrap_or(ACCOUNT),
    )
}
