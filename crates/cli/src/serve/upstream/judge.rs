//! The verdict on a request, by facts that another KMS tells.
//!
//! Facts are asked for in the order in which KMS checks them, and no more than are needed. A small
//! table is made of them, and that judges, as it would for the endpoint alone: there are no second
//! rules here. Where a fact is not told, the request is handed on, unless what is known refuses it
//! whatever that fact may be.

use bytes::Bytes;
use hyper::Response;
use kms_alias::{
    AliasListEntry, AnyAliasName, KeyIdentifier, KeyMetadata, Scope, TargetKeyId,
    parse_key_identifier,
};
use kms_alias_files::Options;
use kms_alias_wire::{self as wire, Judgement};
use serde_json::Value;

use super::super::refusal::Refusal;
use super::super::service::now;
use super::asker::{Asker, List, Pages, Told, exception};
use super::facts::Facts;
use super::of_kms;

/// What becomes of a request.
pub(crate) enum Verdict {
    /// Nothing stands against it.
    HandOn,
    /// It cannot be judged, for this reason, and is handed on.
    Undecided(String),
    /// The other KMS has given its answer already.
    Answered(Response<Bytes>),
    /// This is the answer, which the other KMS would give less well.
    Repaired(wire::Response),
    /// It is refused, and goes no further.
    Refused(wire::Response),
}

/// A request of KMS, and who can be asked about it.
pub(crate) struct Question<'a> {
    pub(crate) operation: &'a str,
    pub(crate) body: &'a [u8],
    /// What the body holds; nothing if it is not JSON.
    pub(crate) members: Value,
    pub(crate) options: Options,
    /// Account and Region where nothing tells them.
    pub(crate) otherwise: Scope,
    pub(crate) asker: Asker<'a>,
}

impl Question<'_> {
    pub(crate) async fn verdict(&self) -> Result<Verdict, Refusal> {
        // What is wrong with the request itself needs no facts. Only an account that has nothing
        // does not find what others find.
        match self.judge(&Facts::default()) {
            // One that differs in the case of its letters is none of KMS's, but others take it.
            Ok(Judgement::NotModelled) if self.is_misspelt() => {
                return Err(Refusal::NoOperation(self.operation.to_owned()));
            }
            Ok(Judgement::NotModelled) => return Ok(Verdict::HandOn),
            Ok(Judgement::Refused(refused)) => {
                if exception(refused.body()).is_none_or(|name| name != "NotFoundException") {
                    return Ok(Verdict::Refused(refused));
                }
            }
            Ok(Judgement::Allowed(_)) | Err(_) => {}
        }
        match self.operation {
            "CreateAlias" | "UpdateAlias" => self.alias_with_key().await,
            "DeleteAlias" => self.deleted_alias().await,
            "ListAliases" => self.list().await,
            operation if JUDGED_BY_KEY.contains(&operation) => self.key().await,
            _ => Ok(Verdict::HandOn),
        }
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    /// The alias name and the target of a request, if they have the form.
    fn names(&self) -> (Option<AnyAliasName>, Option<TargetKeyId>) {
        (
            self.member("AliasName").and_then(|name| name.parse().ok()),
            self.member("TargetKeyId").and_then(|id| id.parse().ok()),
        )
    }

    fn is_misspelt(&self) -> bool {
        let mut names = JUDGED.iter().chain(JUDGED_BY_KEY);
        names.any(|name| *name != self.operation && name.eq_ignore_ascii_case(self.operation))
    }

    fn judge(&self, facts: &Facts) -> Result<Judgement, String> {
        // With nothing told, an ARN is taken for one of the account's own.
        let named = ["TargetKeyId", "KeyId"]
            .iter()
            .find_map(|name| self.member(name));
        let scope = named.and_then(scope_of).unwrap_or(self.otherwise);
        let is_told = facts.scope.is_some();
        let otherwise = if is_told { self.otherwise } else { scope };
        let mut table = facts.table(self.options, otherwise)?;
        // No key is made here: the ID counts for nothing.
        Ok(wire::judge(
            &mut table,
            &of_kms::target(self.operation),
            self.body,
            now(),
            [0; 16],
        ))
    }

    /// The verdict where all is known that it needs.
    fn conclude(&self, facts: &Facts) -> Verdict {
        match self.judge(facts) {
            Ok(Judgement::Refused(refused)) => Verdict::Refused(refused),
            Ok(_) => Verdict::HandOn,
            Err(why) => Verdict::Undecided(why),
        }
    }

    /// CreateAlias and UpdateAlias: the alias, its present key, the target and its aliases.
    async fn alias_with_key(&self) -> Result<Verdict, Refusal> {
        let mut facts = Facts::default();
        let (Some(name), Some(target)) = self.names() else {
            return Ok(self.conclude(&facts));
        };
        let target_text = target.to_string();
        let (list, told) = tokio::join!(
            self.asker.aliases(None, Pages::First),
            self.asker.key(&target_text)
        );
        let (list, told) = (list?, told?);
        let has_list = facts.take_list(list);
        if !has_list && let Err(why) = self.find_alias(&mut facts, &name).await? {
            return Ok(Verdict::Undecided(why));
        }
        let is_new = self.operation == "CreateAlias";
        if facts.alias(&name).is_some() == is_new {
            // It is refused whatever the target is; the words need the account.
            self.find_scope(&mut facts).await?;
            return Ok(self.conclude(&facts));
        }
        match told {
            Told::Unknown(why) => return Ok(Verdict::Undecided(why)),
            Told::NotFound => self.find_scope(&mut facts).await?,
            Told::Known(key) => facts.add_key(key),
        }
        if !has_list && facts.has_key(&target.key_id()) {
            let of_key = self.asker.aliases(Some(&target_text), Pages::All).await?;
            if !facts.take_list(of_key) {
                return Ok(self.certain(&facts, "the aliases of the key are not told"));
            }
        }
        if let Some(present) = facts.target_of(&name)
            && !facts.has_key(&present)
        {
            match self.asker.key_but_its_state(facts.scope, present).await? {
                Told::Known(key) => facts.add_key(key),
                Told::NotFound | Told::Unknown(_) => {
                    // Were it the target itself, no rule would compare the two.
                    facts.add_alias(AliasListEntry::new(name, Some(target.key_id())));
                    return Ok(self.certain(&facts, "the alias's key is not described"));
                }
            }
        }
        Ok(self.conclude(&facts))
    }

    /// Refused if what is known suffices for that; else undecided.
    fn certain(&self, facts: &Facts, why: &str) -> Verdict {
        match self.conclude(facts) {
            refused @ Verdict::Refused(_) => refused,
            _ => Verdict::Undecided(why.to_owned()),
        }
    }

    /// Asks whether an alias is there, and of which key.
    async fn find_alias(
        &self,
        facts: &mut Facts,
        name: &AnyAliasName,
    ) -> Result<Result<(), String>, Refusal> {
        Ok(match self.asker.key(name.as_ref()).await? {
            Told::Known(key) => {
                facts.add_alias(AliasListEntry::new(name.clone(), Some(key.key_id())));
                facts.add_key(key);
                Ok(())
            }
            Told::NotFound => Ok(()),
            Told::Unknown(why) => Err(why),
        })
    }

    /// Asks for the account, which KMS's words name.
    async fn find_scope(&self, facts: &mut Facts) -> Result<(), Refusal> {
        if facts.scope.is_none() {
            facts.scope = self.asker.scope().await?;
        }
        Ok(())
    }

    async fn deleted_alias(&self) -> Result<Verdict, Refusal> {
        let mut facts = Facts::default();
        if let Some(name) = self.member("AliasName").and_then(|name| name.parse().ok()) {
            if let Err(why) = self.find_alias(&mut facts, &name).await? {
                return Ok(Verdict::Undecided(why));
            }
            self.find_scope(&mut facts).await?;
        }
        Ok(self.conclude(&facts))
    }

    /// An operation on a key, by itself or through an alias.
    async fn key(&self) -> Result<Verdict, Refusal> {
        let mut facts = Facts::default();
        let Some(text) = self.member("KeyId") else {
            return Ok(Verdict::HandOn);
        };
        let Ok(identifier) = parse_key_identifier(Some(text)) else {
            return Ok(self.conclude(&facts));
        };
        let is_description = self.operation == "DescribeKey";
        let (told, answer) = if is_description {
            self.asker.describe(self.body.to_vec()).await?
        } else {
            let body = serde_json::json!({"KeyId": text}).to_string();
            self.asker.describe(body.into_bytes()).await?
        };
        match told {
            Told::Known(key) => facts.add_identified(&identifier, key),
            Told::NotFound => self.find_scope(&mut facts).await?,
            Told::Unknown(_) if is_description => return Ok(Verdict::Answered(answer)),
            Told::Unknown(why) => return Ok(Verdict::Undecided(why)),
        }
        Ok(match self.conclude(&facts) {
            Verdict::HandOn if is_description => Verdict::Answered(answer),
            verdict => verdict,
        })
    }

    /// ListAliases: the whole list of the other KMS, in pages of our own.
    async fn list(&self) -> Result<Verdict, Refusal> {
        let mut facts = Facts::default();
        let of_key = self.member("KeyId");
        match self.asker.aliases(of_key, Pages::All).await? {
            Told::Known(List {
                unread: Some(why), ..
            }) => return Ok(Verdict::Undecided(why)),
            Told::Known(list) => {
                facts.take_list(Told::Known(list));
            }
            Told::NotFound => {}
            Told::Unknown(why) => return Ok(Verdict::Undecided(why)),
        }
        if let Some(key_id) = of_key.and_then(|text| text.parse::<TargetKeyId>().ok())
            && !facts.is_named(&key_id.key_id())
        {
            match self.asker.key(&key_id.to_string()).await? {
                Told::Known(key) => facts.add_key(key),
                Told::NotFound => self.find_scope(&mut facts).await?,
                Told::Unknown(why) => return Ok(Verdict::Undecided(why)),
            }
        }
        Ok(match self.judge(&facts) {
            Ok(Judgement::Allowed(page)) => Verdict::Repaired(page),
            Ok(Judgement::Refused(refused)) => Verdict::Refused(refused),
            Ok(Judgement::NotModelled) => Verdict::HandOn,
            Err(why) => Verdict::Undecided(why),
        })
    }
}

/// The operations on aliases, and those that make and list keys.
const JUDGED: &[&str] = &[
    "CreateAlias",
    "UpdateAlias",
    "DeleteAlias",
    "ListAliases",
    "CreateKey",
    "ListKeys",
];

/// The operations that are judged by what DescribeKey tells of their key.
const JUDGED_BY_KEY: &[&str] = &[
    "DescribeKey",
    "EnableKey",
    "DisableKey",
    "ScheduleKeyDeletion",
    "CancelKeyDeletion",
    "Encrypt",
    "Decrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "Sign",
    "Verify",
    "GenerateMac",
    "VerifyMac",
    "GetPublicKey",
    "GetKeyPolicy",
    "PutKeyPolicy",
    "ListKeyPolicies",
    "GetKeyRotationStatus",
    "EnableKeyRotation",
    "DisableKeyRotation",
    "ListResourceTags",
    "TagResource",
    "UntagResource",
    "UpdateKeyDescription",
    "ListGrants",
    "CreateGrant",
    "GetParametersForImport",
    "ListKeyRotations",
    "ReplicateKey",
    "UpdatePrimaryRegion",
];

/// The account and Region that an identifier names.
fn scope_of(text: &str) -> Option<Scope> {
    match parse_key_identifier(Some(text)).ok()? {
        KeyIdentifier::KeyArn(arn) => Some(arn.scope()),
        KeyIdentifier::AliasArn(arn) => Some(arn.scope()),
        _ => None,
    }
}

impl Facts {
    /// Takes what a list tells; says whether it tells all.
    fn take_list(&mut self, told: Told<List>) -> bool {
        let Told::Known(list) = told else {
            return false;
        };
        self.scope = list.scope.or(self.scope);
        if list.is_whole {
            for alias in list.aliases {
                self.add_alias(alias);
            }
        }
        list.is_whole
    }

    /// Takes a key that was found by this identifier.
    fn add_identified(&mut self, identifier: &KeyIdentifier, key: KeyMetadata) {
        if let Some(name) = identifier.alias_name() {
            self.add_alias(AliasListEntry::new(name.clone(), Some(key.key_id())));
        }
        self.add_key(key);
    }
}
