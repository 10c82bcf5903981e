//! What the model says of a request, in the documented order of checks.

use super::key::{Key, Role};
use super::list::CHANGES;
use super::states::{allow, refused_with};
use super::text::{self, Member, Named};
use super::{Alias, Model, Refused, Request, refused};

const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// The one thing that a request which is not refused does.
enum Step {
    Put(String, Alias),
    Drop(String),
    SetKey(String, Key),
    DropKey(String),
}

impl Model {
    /// Judges a request, and does what it asks for unless it is refused.
    pub fn apply(&mut self, request: &Request, at: i64) -> Result<(), Refused> {
        match self.judge(request, at)? {
            Step::Put(name, alias) => self.put_alias(&name, alias),
            Step::Drop(name) => self.drop_alias(&name),
            Step::SetKey(key_id, key) => {
                self.keys.insert(key_id, key);
            }
            Step::DropKey(key_id) => {
                // Rule S5: the aliases go with their key.
                for name in self.names_of(&key_id).cloned().collect::<Vec<_>>() {
                    self.drop_alias(&name);
                }
                self.keys.remove(&key_id);
            }
        }
        Ok(())
    }

    /// Judges a request and does nothing.
    pub fn check(&self, request: &Request, at: i64) -> Result<(), Refused> {
        self.judge(request, at).map(drop)
    }

    fn judge(&self, request: &Request, at: i64) -> Result<Step, Refused> {
        match request.operation {
            "CreateAlias" => self.create(request, at),
            "UpdateAlias" => self.update(request, at),
            "DeleteAlias" => self.delete(request),
            "DeleteKey" => self.delete_key(request, at),
            "SetKeyState" => self.set_state(request, at),
            _ => self.live(request, at),
        }
    }

    /// The shape of name and target: bounds of both, then the name's form, then the target's.
    fn name_and_target<'a>(&self, request: &'a Request) -> Result<(&'a str, Named), Refused> {
        let name = request.alias_name.as_deref();
        let target = request.target_key_id.as_deref();
        text::keep_to_model(&[
            text::name_member(name),
            text::key_member("targetKeyId", target, true),
        ])?;
        let name = name.unwrap_or_default();
        text::alias_name(name, self.reserved)?;
        Ok((name, text::target(target.unwrap_or_default())?))
    }

    fn create(&self, request: &Request, at: i64) -> Result<Step, Refused> {
        let (name, target) = self.name_and_target(request)?;
        if self.aliases.contains_key(name) {
            let arn = self.alias_arn(name);
            let message = format!("An alias with the name {arn} already exists");
            return Err(refused("A6", "AlreadyExistsException", message));
        }
        self.target(request.operation, &target)?;
        self.within_quota(&target.resource)?;
        let alias = Alias {
            target: Some(target.resource),
            created: Some(at),
            updated: Some(at),
        };
        Ok(Step::Put(name.to_owned(), alias))
    }

    fn update(&self, request: &Request, at: i64) -> Result<Step, Refused> {
        let (name, target) = self.name_and_target(request)?;
        let alias = self.aliases.get(name).ok_or_else(|| self.not_found(name))?;
        let new = self.target(request.operation, &target)?;
        let present = alias.target.as_ref().expect("a customer's alias has a key");
        let old = self.described(request.operation, present)?;
        if old.usage != new.usage {
            let message = format!(
                "Alias {name} cannot be changed from a CMK with key usage {} to a CMK with key \
                 usage {}. The key usage of the current CMK and the new CMK must be the same.",
                old.usage, new.usage
            );
            return Err(refused("U4", "ValidationException", message));
        }
        if old.key_type() != new.key_type() {
            return Err(Refused::without_words("U3", "ValidationException"));
        }
        if *present != target.resource {
            self.within_quota(&target.resource)?;
        }
        let alias = Alias {
            target: Some(target.resource),
            created: alias.created,
            updated: Some(at),
        };
        Ok(Step::Put(name.to_owned(), alias))
    }

    fn delete(&self, request: &Request) -> Result<Step, Refused> {
        let name = request.alias_name.as_deref();
        text::keep_to_model(&[text::name_member(name)])?;
        let name = name.unwrap_or_default();
        text::alias_name(name, self.reserved)?;
        match self.aliases.get(name) {
            Some(_) => Ok(Step::Drop(name.to_owned())),
            None => Err(self.not_found(name)),
        }
    }

    /// Rule U1.
    pub(super) fn not_found(&self, name: &str) -> Refused {
        let message = format!("Alias {} is not found.", self.alias_arn(name));
        refused("U1", "NotFoundException", message)
    }

    /// Rules T3 and T2: what an ARN names is of this account and Region.
    pub(super) fn here(&self, named: &Named) -> Result<(), Refused> {
        let Some([partition, region, account]) = &named.head else {
            return Ok(());
        };
        if [partition, account] != [&self.scope[0], &self.scope[2]] {
            let message = "This operation cannot be called cross account".to_owned();
            return Err(refused("T3", "NotFoundException", message));
        }
        if *region != self.scope[1] {
            let message = format!("Invalid arn {region}");
            return Err(refused("T2", "NotFoundException", message));
        }
        Ok(())
    }

    /// Rules T3, T2, T1.
    pub(super) fn existing(&self, named: &Named) -> Result<(), Refused> {
        self.here(named)?;
        if self.exists(&named.resource) {
            return Ok(());
        }
        let message = format!("Key '{}' does not exist", self.key_arn(&named.resource));
        Err(refused("T1", "NotFoundException", message))
    }

    /// Rule I6, of a key that exists; but a key that AWS's own aliases alone name is AWS's.
    pub(super) fn described(&self, operation: &str, key_id: &str) -> Result<&Key, Refused> {
        if let Some(key) = self.keys.get(key_id) {
            return Ok(key);
        }
        let mut names = self.names_of(key_id).peekable();
        if names.peek().is_some() && names.all(|name| name.starts_with("alias/aws/")) {
            let of_aws = Key {
                manager: "AWS",
                ..Key::plain(key_id)
            };
            if ["CreateAlias", "UpdateAlias"].contains(&operation) {
                self.customers("T4", operation, key_id, &of_aws)?;
            } else if CHANGES.contains(&operation) {
                self.customers("S7", operation, key_id, &of_aws)?;
            }
        }
        Err(Refused::without_words("I6", ""))
    }

    /// Rules T1–T5.
    fn target(&self, operation: &str, named: &Named) -> Result<&Key, Refused> {
        self.existing(named)?;
        let key = self.described(operation, &named.resource)?;
        self.customers("T4", operation, &named.resource, key)?;
        allow(operation, "T5", &self.key_arn(&named.resource), key)?;
        Ok(key)
    }

    /// Rule T6: AWS's own aliases count against no quota (A8).
    fn within_quota(&self, key_id: &str) -> Result<(), Refused> {
        let names = self.names_of(key_id);
        let usage = names.filter(|name| !name.starts_with("alias/aws/")).count();
        if usage < self.quota {
            return Ok(());
        }
        let message = format!(
            "Aliases per key quota for this account in this region is {}, current usage is {usage}.",
            self.quota
        );
        Err(refused("T6", "LimitExceededException", message))
    }

    /// Enable, disable, schedule and cancel (rules S4, S7, S8).
    fn live(&self, request: &Request, at: i64) -> Result<Step, Refused> {
        let operation = request.operation;
        let key_id = request.key_id.as_deref();
        let mut members = vec![text::key_member("keyId", key_id, true)];
        if operation == "ScheduleKeyDeletion" {
            members.push(Member::Number {
                name: "pendingWindowInDays",
                value: request.pending_window_in_days,
                bounds: [7, 30],
                rule: "S4",
            });
        }
        text::keep_to_model(&members)?;
        let days = request.pending_window_in_days.unwrap_or(30);
        let named = text::key_only(key_id.unwrap_or_default())?;
        self.existing(&named)?;
        let key = self.described(operation, &named.resource)?;
        self.customers("S7", operation, &named.resource, key)?;
        allow(operation, "S8", &self.key_arn(&named.resource), key)?;
        let key = match operation {
            "EnableKey" => able(key, "Enabled"),
            "DisableKey" => able(key, "Disabled"),
            // A key whose material is not there goes back to waiting for it (recorded).
            "CancelKeyDeletion" if key.awaits_import => key.in_state("PendingImport"),
            "CancelKeyDeletion" => key.in_state("Disabled"),
            "ScheduleKeyDeletion" => scheduled(key, days, at),
            _ => panic!("no operation of the model: {operation}"),
        };
        Ok(Step::SetKey(named.resource, key))
    }

    /// The end of a key's waiting period (rules S4, S5).
    fn delete_key(&self, request: &Request, at: i64) -> Result<Step, Refused> {
        let (key_id, key) = self.of_event(request)?;
        if key.state != "PendingDeletion" {
            return Err(refused_with(4, "S5", &self.key_arn(&key_id), key));
        }
        match key.due {
            Some(due) if at < due => Err(Refused::by_rule("S4")),
            _ => Ok(Step::DropKey(key_id)),
        }
    }

    /// A state is told as a fact (rules S1–S4).
    fn set_state(&self, request: &Request, at: i64) -> Result<Step, Refused> {
        let (key_id, key) = self.of_event(request)?;
        let wanted = key.in_state(request.state.expect("a state"));
        let broken = wanted.broken_rules(&key_id, &self.scope[0]);
        match broken.first() {
            Some(rule) => Err(Refused::by_rule(rule)),
            None => Ok(Step::SetKey(key_id, told(key, wanted, at))),
        }
    }

    /// Rules T4 and S7.
    pub(super) fn customers(
        &self,
        rule: &'static str,
        operation: &str,
        key_id: &str,
        key: &Key,
    ) -> Result<(), Refused> {
        if key.manager == "CUSTOMER" {
            return Ok(());
        }
        let message = format!(
            "User is not authorized to perform: kms:{operation} on resource: {} because no \
             resource-based policy allows the kms:{operation} action",
            self.key_arn(key_id)
        );
        Err(refused(rule, "AccessDeniedException", message))
    }

    fn of_event(&self, request: &Request) -> Result<(String, &Key), Refused> {
        let key_id = request.key_id.clone().expect("a key ID");
        let named = Named {
            head: None,
            resource: key_id.clone(),
        };
        self.existing(&named)?;
        let key = self.described(request.operation, &key_id)?;
        Ok((key_id, key))
    }
}

/// Footnote 12: an unavailable key stays so, and will return to the state.
fn able(key: &Key, state: &'static str) -> Key {
    let mut after = key.clone();
    match key.state {
        "Unavailable" => after.returns_to = Some(state),
        _ => after.state = state,
    }
    after
}

/// Rule S4: a primary waits for its replicas first.
fn scheduled(key: &Key, days: i64, at: i64) -> Key {
    match key.role {
        Role::Primary(1..) => Key {
            waits: Some(days),
            ..key.in_state("PendingReplicaDeletion")
        },
        _ => Key {
            due: Some(at + days * MILLIS_PER_DAY),
            ..key.in_state("PendingDeletion")
        },
    }
    .awaiting_import_as(key)
}

/// A key that is told to be in a state: what the state carries comes from the state before.
fn told(key: &Key, wanted: Key, at: i64) -> Key {
    match (key.state, wanted.state) {
        (before, after) if before == after => key.clone(),
        // Footnote 13.
        ("PendingDeletion", "Unavailable") => key.clone(),
        // Rule S2.
        ("Disabled", "Unavailable") => Key {
            returns_to: Some("Disabled"),
            ..wanted
        },
        // Rule S4: the last replica is gone, and the waiting period begins.
        ("PendingReplicaDeletion", "PendingDeletion") => Key {
            due: key.waits.map(|days| at + days * MILLIS_PER_DAY),
            role: Role::Primary(0),
            ..wanted
        },
        _ => wanted,
    }
    .awaiting_import_as(key)
}
