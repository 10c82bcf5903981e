//! What is known of the keys and aliases of another KMS for one request, as a small table.

use std::collections::BTreeMap;

use kms_alias::{
    AliasListEntry, AliasTable, AnyAliasName, KeyArn, KeyId, KeyManager, KeyMetadata, Scope,
    Snapshot,
};
use kms_alias_files::Options;

/// What another KMS has told.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    /// Its account and Region, as its ARNs say.
    pub(crate) scope: Option<Scope>,
    keys: BTreeMap<KeyId, KeyMetadata>,
    aliases: BTreeMap<AnyAliasName, AliasListEntry>,
}

impl Facts {
    pub(crate) fn add_key(&mut self, key: KeyMetadata) {
        self.scope = self.scope.or(Some(key.arn().scope()));
        self.keys.insert(key.key_id(), key);
    }

    pub(crate) fn add_alias(&mut self, alias: AliasListEntry) {
        self.aliases.insert(alias.alias_name.clone(), alias);
    }

    pub(crate) fn has_key(&self, key_id: &KeyId) -> bool {
        self.keys.contains_key(key_id)
    }

    pub(crate) fn alias(&self, name: &AnyAliasName) -> Option<&AliasListEntry> {
        self.aliases.get(name)
    }

    /// The key that an alias names.
    pub(crate) fn target_of(&self, name: &AnyAliasName) -> Option<KeyId> {
        self.alias(name)?.target_key_id
    }

    /// Whether any alias names a key.
    pub(crate) fn is_named(&self, key_id: &KeyId) -> bool {
        let mut aliases = self.aliases.values();
        aliases.any(|alias| alias.target_key_id == Some(*key_id))
    }

    /// The table of all this, or why there can be none. A key that an alias names and nobody
    /// described stands in it as any key would: who asks about it has to know it.
    pub(crate) fn table(&self, options: Options, otherwise: Scope) -> Result<AliasTable, String> {
        let scope = self.scope.unwrap_or(otherwise);
        let mut parts = Snapshot::new(scope);
        parts.reserved_names = options.reserved_names;
        parts.aliases_per_key = options.aliases_per_key.unwrap_or(parts.aliases_per_key);
        let mut keys = BTreeMap::new();
        for alias in self.aliases.values() {
            if let Some(key_id) = alias.target_key_id {
                let key = self.key_of_alias(scope, alias, key_id)?;
                keys.entry(key_id)
                    .and_modify(|known: &mut KeyMetadata| {
                        if alias.alias_name.is_aws() {
                            known.clone_from(&key);
                        }
                    })
                    .or_insert(key);
            }
        }
        for (key_id, key) in &self.keys {
            if key.arn().scope() == scope {
                keys.entry(*key_id).or_insert_with(|| key.clone());
            }
        }
        parts.keys = keys.into_values().collect();
        parts.aliases = self.aliases.values().cloned().collect();
        parts.into_table().map_err(|error| error.to_string())
    }

    /// A key that an alias of AWS's names is AWS's, whatever its description says.
    fn key_of_alias(
        &self,
        scope: Scope,
        alias: &AliasListEntry,
        key_id: KeyId,
    ) -> Result<KeyMetadata, String> {
        let mut builder = KeyMetadata::builder(KeyArn::new(scope, key_id));
        match self.keys.get(&key_id) {
            Some(key) if !alias.alias_name.is_aws() => return Ok(key.clone()),
            Some(key) => {
                builder = builder
                    .spec(key.spec())
                    .usage(key.usage())
                    .origin(key.origin())
                    .status(key.status());
            }
            None => {}
        }
        if alias.alias_name.is_aws() {
            builder = builder.manager(KeyManager::Aws);
        }
        builder.build().map_err(|error| error.to_string())
    }
}
