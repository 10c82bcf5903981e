//! What holds of every table, however it came about (rules I1, I2, L3, L4).

use kms_alias::{Alias, AliasTable, AnyAliasName, KeyId, ListAliases, ListKeys};

/// Panics if a table breaks an invariant.
pub fn check(table: &AliasTable) {
    names_are_in_order_and_found(table);
    every_alias_has_its_key(table);
    keys_know_their_aliases(table);
    a_snapshot_loads_equal(table);
    assert_eq!(pages_of_aliases(table, 7), names(table.iter()));
    let described = table.keys().map(|key| key.key_id());
    let mut keys: Vec<KeyId> = described.chain(table.undescribed_keys()).collect();
    keys.sort_unstable();
    assert_eq!(pages_of_keys(table, 3), keys);
}

/// Rules I1 to I4, as whoever loads a snapshot asks them.
fn a_snapshot_loads_equal(table: &AliasTable) {
    assert_eq!(table.snapshot().into_table().as_ref(), Ok(table));
    let saved = serde_json::to_string(table).expect("a table is serialized");
    let loaded = serde_json::from_str::<AliasTable>(&saved);
    assert_eq!(loaded.as_ref().ok(), Some(table), "{saved}");
}

fn names<'a>(aliases: impl Iterator<Item = Alias<'a>>) -> Vec<String> {
    aliases.map(|alias| alias.name().to_owned()).collect()
}

fn names_are_in_order_and_found(table: &AliasTable) {
    let names = names(table.iter());
    assert!(names.is_sorted_by(|a, b| a < b), "in order, and none twice");
    assert_eq!(table.len(), names.len());
    assert_eq!(table.is_empty(), names.is_empty());
    for name in names {
        assert!(AnyAliasName::is_valid(&name), "{name}");
        assert_eq!(
            table.get(&name).map(|alias| alias.name()),
            Some(name.as_str())
        );
    }
}

fn every_alias_has_its_key(table: &AliasTable) {
    for alias in table.iter().filter(|alias| !alias.to_name().is_aws()) {
        let key_id = alias
            .target_key_id()
            .expect("a customer's alias has a target");
        assert!(table.knows_key(&key_id), "{alias:?}");
    }
}

fn keys_know_their_aliases(table: &AliasTable) {
    let key_ids: Vec<KeyId> = table.keys().map(|key| key.key_id()).collect();
    assert!(
        key_ids.is_sorted_by(|a, b| a < b),
        "in order, and none twice"
    );
    assert_eq!(table.key_count(), key_ids.len());
    for key in table.keys() {
        assert_eq!(key.arn().scope(), table.scope());
        assert_eq!(table.key(key.key_id()), Some(key));
        let own = table
            .iter()
            .filter(|alias| alias.target_key_id() == Some(key.key_id()));
        assert_eq!(names(table.aliases_of(key.key_id())), names(own));
        // A key without a role is of one Region, and can be built again as it is.
        assert_eq!(key.multi_region_role().is_some(), key.is_multi_region());
        assert_eq!(key.with_status(key.status()).as_ref(), Ok(key));
    }
}

/// The names on all pages, one after the other.
pub fn pages_of_aliases(table: &AliasTable, limit: i64) -> Vec<String> {
    let (mut found, mut marker) = (Vec::new(), None::<String>);
    loop {
        let request =
            ListAliases::parse(None, Some(limit), marker.as_deref()).expect("a marker of ours");
        let page = table.list_aliases(&request).expect("a list of all");
        assert!(i64::try_from(page.aliases.len()).is_ok_and(|length| length <= limit));
        found.extend(names(page.aliases.into_iter()));
        match page.next_marker {
            Some(next) => marker = Some(next),
            None => return found,
        }
    }
}

fn pages_of_keys(table: &AliasTable, limit: i64) -> Vec<KeyId> {
    let (mut found, mut marker) = (Vec::new(), None::<String>);
    loop {
        let request = ListKeys::parse(Some(limit), marker.as_deref()).expect("a marker of ours");
        let page = table.list_keys(&request);
        found.extend(page.keys.iter().map(|key| key.key_id()));
        match page.next_marker {
            Some(next) => marker = Some(next),
            None => return found,
        }
    }
}
