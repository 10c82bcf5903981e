//! The same checks as a careful user would write them: strings, a map, and a set a key.

use std::collections::{HashMap, HashSet};

pub struct Key {
    pub state: String,
    pub usage: String,
    pub key_type: String,
    pub manager: String,
}

struct Alias {
    key: String,
    updated: i64,
}

/// Keys, aliases and the aliases of each key.
pub struct Naive {
    keys: HashMap<String, Key>,
    aliases: HashMap<String, Alias>,
    of_key: HashMap<String, HashSet<String>>,
    quota: usize,
}

impl Naive {
    pub fn new(keys: impl Iterator<Item = String>, quota: usize) -> Self {
        let key = || Key {
            state: "Enabled".to_owned(),
            usage: "ENCRYPT_DECRYPT".to_owned(),
            key_type: "symmetric encryption".to_owned(),
            manager: "CUSTOMER".to_owned(),
        };
        let keys: HashMap<_, _> = keys.map(|id| (id, key())).collect();
        Self {
            keys,
            aliases: HashMap::new(),
            of_key: HashMap::new(),
            quota,
        }
    }

    pub fn stand(&mut self, name: &str, key: &str) {
        self.aliases.insert(
            name.to_owned(),
            Alias {
                key: key.to_owned(),
                updated: 0,
            },
        );
        self.of_key
            .entry(key.to_owned())
            .or_default()
            .insert(name.to_owned());
    }

    /// UpdateAlias, or the rule that it breaks.
    pub fn update(&mut self, name: &str, key_id: &str, at: i64) -> Result<(), &'static str> {
        if !name.starts_with("alias/") {
            return Err("A1");
        }
        if name.len() < 7 || name.len() > 256 {
            return Err("A2");
        }
        if !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/_-".contains(c))
        {
            return Err("A3");
        }
        if name.starts_with("alias/aws") {
            return Err("A4");
        }
        let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
        let uuid = key_id.len() == 36
            && key_id
                .chars()
                .enumerate()
                .all(|(at, c)| if dash(at) { c == '-' } else { hex(c) });
        let multi_region = key_id
            .strip_prefix("mrk-")
            .is_some_and(|id| id.len() == 32 && id.chars().all(hex));
        if !uuid && !multi_region {
            return Err("K1");
        }
        let alias = self.aliases.get_mut(name).ok_or("U1")?;
        let target = self.keys.get(key_id).ok_or("T1")?;
        if target.manager == "AWS" {
            return Err("T4");
        }
        if target.state == "PendingDeletion" || target.state == "PendingReplicaDeletion" {
            return Err("T5");
        }
        let present = self.keys.get(&alias.key).ok_or("I2")?;
        if present.usage != target.usage {
            return Err("U4");
        }
        if present.key_type != target.key_type {
            return Err("U3");
        }
        if alias.key != key_id {
            let of_target = self.of_key.entry(key_id.to_owned()).or_default();
            if of_target.len() >= self.quota {
                return Err("T6");
            }
            of_target.insert(name.to_owned());
            if let Some(of_present) = self.of_key.get_mut(&alias.key) {
                of_present.remove(name);
            }
            alias.key = key_id.to_owned();
        }
        alias.updated = at;
        Ok(())
    }
}
