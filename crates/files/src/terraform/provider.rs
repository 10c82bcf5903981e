//! What the blocks of provider configuration tell of accounts and Regions.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::address::{Segment, segments};
use super::configuration::Tree;
use super::plan::{Expression, Plan, ProviderConfig};
use kms_alias::{AccountId, Region};

/// The arguments of a provider that decide in whose account it acts.
const CREDENTIALS: [&str; 9] = [
    "access_key",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "endpoints",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
    "token",
];

/// Members of an assumed role that do not decide whose it is.
const NO_CREDENTIAL: [&str; 7] = [
    "duration",
    "external_id",
    "policy",
    "policy_arns",
    "session_name",
    "tags",
    "transitive_tag_keys",
];

/// What is known of a block of provider configuration.
#[derive(Clone, Default)]
pub(super) struct Provider {
    pub(super) region: Option<Region>,
    /// What the block says in place of a Region (rule K4).
    pub(super) wrong_region: Option<String>,
    /// The Regions of which it is one, where one of several blocks is meant.
    pub(super) regions: Vec<Region>,
    /// What decides the Region, where it is not known: blocks that are alike in it have one.
    pub(super) region_of: String,
    /// Whether its account or Region may differ between the resources that it configures.
    pub(super) is_each: bool,
    /// Regions that ARNs of its resources tell.
    pub(super) seen: BTreeSet<Region>,
    pub(super) account: Option<AccountId>,
    /// What decides whose account it is: blocks that are alike in it are of one account.
    pub(super) credentials: String,
    /// Whether an expression decides it whose value the plan does not have.
    pub(super) is_account_said: bool,
}

impl Provider {
    /// What is known where one of several blocks configures what has this key: what they have in common.
    pub(super) fn one_of<'b>(key: &str, blocks: impl Iterator<Item = &'b Self>) -> Self {
        let blocks: Vec<&Self> = blocks.collect();
        let Some((first, others)) = blocks.split_first() else {
            return Self::default();
        };
        let regions: Option<BTreeSet<Region>> = blocks.iter().map(|block| block.region).collect();
        let mut common = Self {
            regions: regions.into_iter().flatten().collect(),
            ..(*first).clone()
        };
        for other in others {
            if (common.region, &common.region_of) != (other.region, &other.region_of) {
                common.region = None;
                common.region_of = [key, " region"].concat();
            }
            if common.credentials != other.credentials {
                common.credentials = [key, " account"].concat();
                common.account = common
                    .account
                    .filter(|account| other.account == Some(*account));
                common.is_account_said = true;
            }
            common.wrong_region = None;
            common.is_each |= other.is_each;
        }
        common
    }
}

/// Reads blocks of provider configuration.
pub(super) struct Blocks<'t, 'p, 'a> {
    pub(super) plan: &'p Plan<'a>,
    pub(super) tree: &'t Tree<'p, 'a>,
}

impl Blocks<'_, '_, '_> {
    /// What a block tells by itself.
    pub(super) fn of(&self, key: &str, block: &ProviderConfig<'_>) -> Provider {
        let module = key.rsplit_once(':').map_or("", |(module, _)| module);
        let (mut account, mut credentials) = (None, String::new());
        let (mut is_each, mut is_account_said) = (false, false);
        for name in CREDENTIALS {
            let Some(raw) = block.expressions.get(name) else {
                continue;
            };
            let told = self.told(module, &serde_json::from_str(raw.get()).unwrap_or_default());
            is_each |= told.contains("\"each.");
            let account_told = account_in(name, &told);
            // Of a role whose ARN has a variable in it a plan tells the variable alone.
            let is_role = told.contains("role_arn:");
            is_account_said |= told.contains("references") || (is_role && account_told.is_none());
            account = account.or(account_told);
            // What an expression that is not known will be can differ between modules.
            let of = if told.contains("references") {
                module
            } else {
                ""
            };
            credentials.push_str(&[name, "=", of, &told, ";"].concat());
        }
        let raw = block.expressions.get("region");
        let told = raw.map(|raw| Expression::of(raw));
        let said = told.and_then(|told| self.constant(module, &told));
        let region = said.as_deref().and_then(|said| said.parse::<Region>().ok());
        let is_each_region = raw.is_some_and(|raw| raw.get().contains("\"each."));
        Provider {
            region,
            wrong_region: said.filter(|_| region.is_none()),
            region_of: raw.map_or_else(String::new, |raw| [module, raw.get()].concat()),
            is_each: is_each || is_each_region,
            account,
            credentials,
            is_account_said,
            ..Provider::default()
        }
    }

    /// An expression with its variables replaced by their values, as far as these are known.
    fn told(&self, module: &str, expression: &Value) -> String {
        match expression {
            Value::Array(blocks) => {
                let each = blocks.iter().map(|block| self.told(module, block));
                each.collect::<Vec<_>>().join(",")
            }
            Value::Object(members) if !members.contains_key("references") => {
                let each = members
                    .iter()
                    .filter(|(name, _)| !NO_CREDENTIAL.contains(&&***name));
                let each =
                    each.map(|(name, value)| [name, ":", &self.told(module, value)].concat());
                each.collect::<Vec<_>>().join(" ")
            }
            Value::Object(_) => {
                let read = serde_json::from_value::<Expression>(expression.clone());
                let known = self.constant(module, &read.unwrap_or_default());
                known.map_or_else(
                    || expression.to_string(),
                    |text| ["constant_value:", &Value::String(text).to_string()].concat(),
                )
            }
            other => other.to_string(),
        }
    }

    /// The text that an expression is, where it is a constant or a variable with a value.
    fn constant(&self, module: &str, expression: &Expression) -> Option<String> {
        /// As many modules may hand a variable on.
        const DEEPEST: usize = 60;
        let mut module = module.to_string();
        let mut constant = expression.constant.clone();
        let mut references = expression.references.clone();
        for _ in 0..DEEPEST {
            if constant.is_some() {
                return constant;
            }
            let [reference] = references.as_slice() else {
                return None;
            };
            let segments = segments(reference);
            let [Segment { name: "var", .. }, variable] = segments.as_slice() else {
                return None;
            };
            if module.is_empty() {
                let value = self.plan.variables.as_ref()?.get(variable.name)?.value?;
                return serde_json::from_str(value.get()).ok();
            }
            let node = self.tree.module(&module)?;
            let handed = node
                .call
                .and_then(|call| call.expressions.get(variable.name));
            let Some(raw) = handed else {
                let default = node.module.variables.get(variable.name)?.default?;
                return serde_json::from_str(default.get()).ok();
            };
            let next = Expression::of(raw);
            module = node.parent.clone();
            constant = next.constant;
            references = next.references;
        }
        None
    }
}

/// The account of the role that a provider assumes, or the only one that it allows.
fn account_in(argument: &str, told: &str) -> Option<AccountId> {
    if argument.starts_with("assume_role") {
        // Of several roles that follow from each other the last one acts.
        let role = told.rsplit("role_arn:").next()?;
        return role.split(":iam::").nth(1)?.get(..12)?.parse().ok();
    }
    if argument != "allowed_account_ids" || told.contains("references") {
        return None;
    }
    let mut accounts = told
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok());
    match (accounts.next(), accounts.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}
