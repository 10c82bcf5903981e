//! What a change does to those who use keys: told from the table, nothing is decided here.

use alloc::boxed::Box;
use alloc::vec::Vec;

use kms_alias::{AliasTable, AnyAliasName, Change, Effect, Inconsistent, KeyId};

use super::effect::{Impact, KeyAliases, Led, Sides};

impl Impact {
    /// What a change does to those who use keys: which keys have other aliases than before, and
    /// which aliases lead to another key or to a key in another state (rules P4, S6).
    ///
    /// The table is the one that the change would change next, as
    /// [`check`](AliasTable::check) and a log have it, or the one that it changed last.
    ///
    /// ```
    /// use kms_alias::Operation;
    /// use kms_alias_foresee::Impact;
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let mut table = AliasTable::new(scope);
    /// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    ///
    /// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
    /// let change = table.check(&Operation::DisableKey { key_id: key_id.into() }, at)?;
    /// let impact = Impact::of(&table, &change)?;
    /// assert_eq!(impact.aliases().count(), 1); // it leads to a key in another state (rule S6)
    /// assert_eq!(impact.keys().count(), 0); // the aliases of the key are the same (rule P4)
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// I4: the change is neither the next nor the newest of this table.
    pub fn of(table: &AliasTable, change: &Change) -> Result<Self, Inconsistent> {
        if !table.can_replay(change) && !table.can_undo(change) {
            return Err(Inconsistent::NotNext {
                sequence: change.sequence(),
                newest: table.sequence(),
            });
        }
        let mut impact = Self::default();
        Teller { table }.tell(change.effect(), &mut impact);
        Ok(impact)
    }
}

impl Impact {
    /// What an effect would do that may come about in a table as it stands: see
    /// [`Happening::Possible`](crate::verdict::Happening::Possible).
    ///
    /// ```
    /// use kms_alias::{AnyAliasName, Effect};
    /// use kms_alias_foresee::Impact;
    /// # use kms_alias::{AccountId, AliasTable, KeyId, Region, Scope, Timestamp};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    ///
    /// let mut table = AliasTable::new(scope);
    /// table.insert_undescribed_key(key_id)?;
    /// let alias_name: AnyAliasName = "alias/payments".parse()?;
    /// let effect = Effect::AliasCreated { alias_name, target_key_id: key_id, at };
    /// let impact = Impact::if_it_happens(&table, &effect);
    /// let key = impact.keys().next().expect("it would have an alias");
    /// assert_eq!(key.after().map(|aliases| aliases.names().len()), Some(1));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn if_it_happens(table: &AliasTable, effect: &Effect) -> Self {
        let mut impact = Self::default();
        Teller { table }.tell(effect, &mut impact);
        impact
    }
}

impl KeyAliases {
    /// The aliases of a key, as conditions on them see it (rules P2, P5); none if the table does
    /// not know the key.
    ///
    /// A key that only AWS's own aliases name has those.
    #[must_use]
    pub fn of(table: &AliasTable, key_id: &KeyId) -> Option<Self> {
        let names = || Teller { table }.names_of(key_id);
        table
            .knows_key(key_id)
            .then(|| Self::new(names(), table.aliases_per_key()))
    }
}

/// Tells of changes to one table.
struct Teller<'a> {
    table: &'a AliasTable,
}

impl Teller<'_> {
    /// The names of a key's aliases, of one that is not described too.
    fn names_of(&self, key_id: &KeyId) -> Vec<AnyAliasName> {
        let aliases = self.table.aliases_of(key_id);
        aliases.map(|alias| alias.to_name()).collect()
    }

    /// The same whether the change was made or will be.
    fn tell(&self, effect: &Effect, impact: &mut Impact) {
        match effect {
            Effect::AliasCreated {
                alias_name,
                target_key_id,
                ..
            } => self.tell_of_move(alias_name, None, Some(*target_key_id), impact),
            Effect::AliasUpdated {
                alias_name,
                from,
                to,
                ..
            } => self.tell_of_move(alias_name, Some(*from), Some(*to), impact),
            Effect::AliasDeleted { alias } => {
                self.tell_of_move(&alias.alias_name, alias.target_key_id, None, impact);
            }
            Effect::AwsAliasPut { after, .. } => {
                self.tell_of_move(&after.alias_name, None, after.target_key_id, impact);
            }
            Effect::KeyInserted { key } => {
                impact.put_key(key.key_id(), (None, Some(KeyAliases::default())));
            }
            Effect::UndescribedKeyInserted { key_id } => {
                impact.put_key(*key_id, (None, Some(KeyAliases::default())));
            }
            // Its aliases are the same as before, and lead to more that is known.
            Effect::KeyDescribed { key } => {
                let names = self.names_of(&key.key_id());
                let before = Led::ToUndescribed(key.key_id());
                tell_of_key(&names, (Some(before), Some(Led::To(key.clone()))), impact);
            }
            Effect::KeyRemoved { key } => {
                impact.put_key(key.key_id(), (Some(KeyAliases::default()), None));
            }
            Effect::UndescribedKeyRemoved { key_id } => {
                impact.put_key(*key_id, (Some(KeyAliases::default()), None));
            }
            Effect::KeyChanged { before, after } => {
                let names = self.names_of(&after.key_id());
                tell_of_key(
                    &names,
                    (Some(Led::To(before.clone())), Some(Led::To(after.clone()))),
                    impact,
                );
            }
            Effect::KeyDeleted { key, aliases } => {
                let names = aliases.iter().map(|alias| alias.alias_name.clone());
                let names: Vec<_> = names.collect();
                tell_of_key(&names, (Some(Led::To(key.clone())), None), impact);
                let aliases = KeyAliases::new(names, self.table.aliases_per_key());
                impact.put_key(key.key_id(), (Some(aliases), None));
            }
        }
    }

    /// An alias comes, goes, or moves between keys; to its own key is no move.
    fn tell_of_move(
        &self,
        alias_name: &AnyAliasName,
        from: Option<KeyId>,
        to: Option<KeyId>,
        impact: &mut Impact,
    ) {
        if let Some(from) = from {
            let (without, with) = self.without_and_with(alias_name, &from);
            impact.put_key(from, (Some(with), Some(without)));
        }
        if let Some(to) = to {
            let (without, with) = self.without_and_with(alias_name, &to);
            impact.put_key(to, (Some(without), Some(with)));
        }
        let led = |key_id: Option<KeyId>| {
            let key_id = key_id?;
            let key = self.table.key(key_id).cloned().map(Box::new);
            Some(key.map_or(Led::ToUndescribed(key_id), Led::To))
        };
        impact.put_alias(alias_name.clone(), (led(from), led(to)));
    }

    /// The aliases of a key without one of them, and with it.
    fn without_and_with(
        &self,
        alias_name: &AnyAliasName,
        key_id: &KeyId,
    ) -> (KeyAliases, KeyAliases) {
        let mut names = self.names_of(key_id);
        names.retain(|name| name != alias_name);
        let without = KeyAliases::new(names.iter().cloned(), self.table.aliases_per_key());
        names.push(alias_name.clone());
        (
            without,
            KeyAliases::new(names, self.table.aliases_per_key()),
        )
    }
}

/// What all aliases of a key lead to.
fn tell_of_key(names: &[AnyAliasName], sides: Sides<Led>, impact: &mut Impact) {
    for name in names {
        impact.put_alias(name.clone(), sides.clone());
    }
}
