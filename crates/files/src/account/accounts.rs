//! From files to what is known of each account and Region.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::gather::{self, Gathered, Listed, blame};
use super::group::{Group, incomplete};
use super::load::only_scope;
use super::options::Options;
use crate::advice::Advice;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::replicas;
use kms_alias::{AnyAliasName, KeyId, KeyMetadata, MultiRegionRole, Scope};
use kms_alias_foresee::verdict::{KeyFacts, Knowledge, Place};

/// What is known of accounts and Regions, each by itself.
///
/// ```
/// use kms_alias_files::{File, Options, read_account};
///
/// // The key is not described: it exists, and is customer managed.
/// let bytes = br#"{"Aliases": [{
///     "AliasName": "alias/payments",
///     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/payments",
///     "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"
/// }]}"#;
/// let accounts = read_account(&[File { name: "aliases.json", bytes }], Options::default())?;
/// let (place, knowledge) = accounts.iter().next().expect("an account");
/// assert_eq!(place.to_string(), "arn:aws:kms:eu-west-3:111122223333");
/// assert_eq!(knowledge.undescribed_keys().count(), 1);
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    knowledge: BTreeMap<Place, Knowledge>,
    pub(crate) options: Options,
    pub(crate) advice: Vec<Advice>,
}

/// Reads what is known of accounts: documents of the AWS CLI in JSON or YAML, answers of boto3 as
/// they are printed or recorded, items and query results of AWS Config.
///
/// A file holds one document, a stream of them, or an array (`jq -s`); in UTF-8 or UTF-16, with or
/// without a mark. Several accounts and Regions may be in one file or in many. An alias whose key
/// is not described, and a key that is listed and not described, are facts. A key that is
/// described twice in the same words counts once.
///
/// A list is complete if its last page is there and not truncated, unless
/// [`Options::partial`](Options::partial) says otherwise; an entry that stands by itself (`--query`,
/// AWS Config) is a fact and makes no list.
///
/// # Errors
/// The first thing that does not fit, with its file, line and entry: see [`Fault`].
pub fn read_account(files: &[File<'_>], options: Options) -> Result<Accounts, AccountError> {
    let sources = gather::sources(files)?;
    let gathered = Gathered::of(&sources)?;
    let mut accounts = Accounts {
        options,
        ..Accounts::default()
    };
    let (groups, truncated) = Group::all(gathered, &sources, options)?;
    for (scope, group) in groups {
        let knowledge = group.know(scope, &sources, options, &mut accounts.advice)?;
        accounts.knowledge.insert(scope.into(), knowledge);
    }
    for (of, position) in truncated {
        accounts.advice.push(incomplete(&sources, of, position));
    }
    let contradictions = replicas::contradictions(&accounts);
    accounts.advice.extend(contradictions);
    Ok(accounts)
}

/// Reads what is known of one account and Region, as [`read_account`] does: where files tell of
/// several, the one that the options name.
///
/// A list of aliases has to be whole: where its last page is not there, nothing could be said of a
/// name that it lacks.
///
/// ```
/// use kms_alias_files::{File, Options, read_one_account};
///
/// let scope = "arn:aws:kms:eu-west-3:111122223333".parse()?;
/// let nothing = File { name: "aliases.json", bytes: br#"{"Aliases": []}"# };
/// // No ARN tells which account it is: the options do.
/// assert!(read_one_account(&[nothing], Options::default()).is_err());
/// let known = read_one_account(&[nothing], Options::default().with_scope(scope))?;
/// assert_eq!(known.table().scope(), scope);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`read_account`]; files of several accounts or Regions among which the options leave a
/// choice, or of none that they name.
pub fn read_one_account(files: &[File<'_>], options: Options) -> Result<Knowledge, AccountError> {
    let sources = gather::sources(files)?;
    let gathered = Gathered::of(&sources)?;
    if options.region.is_none() && options.account.is_none() {
        only_scope(&sources, &gathered)?;
    }
    let (groups, truncated) = Group::all(gathered, &sources, options)?;
    let scopes: Vec<Scope> = groups.keys().copied().collect();
    let is_named = |scope: &Scope| {
        let region = options.region.is_none_or(|region| scope.region() == region);
        region && options.account.is_none_or(|id| scope.account() == id)
    };
    let name = sources.first().map_or("no file", |source| source.name);
    if !scopes.is_empty() && !scopes.iter().any(is_named) {
        let told = scopes.into_iter().map(Place::from).collect();
        let named = options.place();
        let fault = Fault::NotCovered { named, told };
        return Err(AccountError::of_file(name, fault));
    }
    let mut named = groups.into_iter().filter(|(scope, _)| is_named(scope));
    let (Some((scope, group)), None) = (named.next(), named.next()) else {
        return Err(AccountError::of_file(name, Fault::NotOneScope(scopes)));
    };
    let of_aliases = truncated.iter().find(|(of, _)| *of == Listed::Aliases);
    if let (Some(false), Some((_, position))) = (group.aliases_complete, of_aliases) {
        return Err(blame(&sources, *position, Fault::Truncated));
    }
    group.know(scope, &sources, options, &mut Vec::new())
}

impl Accounts {
    /// Each place with what is known of it, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = (&Place, &Knowledge)> {
        self.knowledge.iter()
    }

    /// What is known of a place, if anything was told of it.
    #[must_use]
    pub fn get(&self, place: &Place) -> Option<&Knowledge> {
        self.knowledge.get(place)
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.knowledge.len()
    }

    /// Whether nothing is known of any place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.knowledge.is_empty()
    }

    /// The key of an alias at a place, as far as it is known.
    pub(crate) fn key_of_alias(&self, place: &Place, alias_name: &AnyAliasName) -> Option<KeyId> {
        let alias = self.get(place)?.table().get(alias_name)?;
        alias.target_key_id()
    }

    /// What is known of a key at a place.
    pub(crate) fn facts_of(&self, place: &Place, key_id: &KeyId) -> KeyFacts {
        let Some(knowledge) = self.get(place) else {
            return KeyFacts::default();
        };
        let Some(key) = knowledge.table().key(key_id) else {
            return knowledge.facts_of(key_id);
        };
        let mut facts = KeyFacts::existing();
        facts.manager = Some(key.manager());
        facts.spec = Some(key.spec());
        facts.usage = Some(key.usage());
        facts.origin = Some(key.origin());
        facts.state = Some(key.state());
        facts.multi_region = Some(key.is_multi_region());
        let role = key.multi_region_role();
        facts.is_primary = role.map(|role| matches!(role, MultiRegionRole::Primary { .. }));
        facts
    }

    /// The keys that are known at a place.
    pub(crate) fn keys_at(&self, place: &Place) -> impl Iterator<Item = KeyId> {
        let knowledge = self.get(place).into_iter();
        knowledge.flat_map(|knowledge| {
            let described = knowledge.table().keys().map(KeyMetadata::key_id);
            let undescribed = knowledge.undescribed_keys().map(|(key_id, _)| key_id);
            described.chain(undescribed)
        })
    }

    /// What is known, by value, in the order of places.
    #[must_use]
    pub fn into_knowledge(self) -> Vec<Knowledge> {
        self.knowledge.into_values().collect()
    }

    /// What is to be said of the files beside what they hold (rules F5–F7).
    #[must_use]
    pub fn advice(&self) -> &[Advice] {
        &self.advice
    }

    /// The place of a step that tells this much of it: what the account files tell of one place
    /// only is taken from there.
    #[must_use]
    pub fn settle(&self, place: Place) -> Place {
        let place = with_defaults(place, self.options);
        let fits = |known: &&Place| {
            (place.region.is_none() || place.region == known.region)
                && (place.account.is_none() || place.account == known.account)
                && (place.partition().is_none() || place.partition() == known.partition())
        };
        let mut fitting = self.knowledge.keys().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => *one,
            _ => place,
        }
    }

    /// What is wrong if files tell of accounts and Regions, and the one that the options name is none
    /// of them. A step that runs there is judged as if nothing stood there (rule H6).
    ///
    /// ```
    /// use kms_alias::Region;
    /// use kms_alias_files::{File, Options, read_account};
    ///
    /// let keys = br#"{"Keys": [{"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    ///     "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}]}"#;
    /// let file = File { name: "keys.json", bytes: keys };
    /// let mut options = Options::default();
    /// options.region = Some(Region::from_static("eu-west-1"));
    /// assert_eq!(read_account(&[file], options)?.not_covered(), None);
    /// options.region = Some(Region::from_static("us-east-1"));
    /// assert!(read_account(&[file], options)?.not_covered().is_some());
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    #[must_use]
    pub fn not_covered(&self) -> Option<Fault> {
        let named = self.options.place();
        let told = || self.knowledge.keys();
        let is_covered = self.is_empty() || told().any(|place| !place.is_apart(&named));
        (!is_covered).then(|| Fault::NotCovered {
            named,
            told: told().copied().collect(),
        })
    }

    /// What is known of a place, to add to it; of a place that no file tells of, nothing is.
    pub fn at(&mut self, place: Place) -> &mut Knowledge {
        let options = self.options;
        let new = || {
            let knowledge = Knowledge::new(place).with_reserved_names(options.reserved_names);
            match options.aliases_per_key {
                Some(quota) => knowledge.with_aliases_per_key(quota),
                None => knowledge,
            }
        };
        self.knowledge.entry(place).or_insert_with(new)
    }

    /// Nothing is known, and these options hold for what a plan tells.
    #[must_use]
    pub fn unknown(options: Options) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }
}

/// What options tell of a place that says less.
fn with_defaults(mut place: Place, options: Options) -> Place {
    let told = options.place();
    place.region = place.region.or(told.region);
    place.account = place.account.or(told.account);
    place.partition = place
        .region
        .map(|region| region.partition())
        .or(place.partition);
    place
}
