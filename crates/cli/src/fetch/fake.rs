//! A KMS of a test's own: an account with limits, denials and interruptions, in virtual time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::kms::{Failure, Kms, Question};

/// What an account holds, and how it declines.
pub struct World {
    pub aliases: Vec<Value>,
    pub keys: Vec<Value>,
    /// The items of a page.
    pub page: usize,
    /// Keys that may not be described.
    pub denied: BTreeSet<String>,
    /// Keys that are deleted between the lists and the descriptions.
    pub gone: BTreeSet<String>,
    pub lists_keys: bool,
    pub lists_aliases: bool,
    /// Requests of any second; more are refused.
    pub limit: usize,
    /// The question, counted from 0, from which on nothing is answered.
    pub breaks_at: usize,
    /// Whether each page names the same next one.
    pub circles: bool,
    pub asked: Vec<(Instant, Question)>,
    /// Keys that were described.
    pub described: Vec<String>,
    pub refused_as_busy: usize,
}

#[derive(Clone)]
pub struct Fake(Arc<Mutex<World>>);

impl Fake {
    /// The account of a text of documents.
    pub fn of(text: &str) -> Self {
        let (mut aliases, mut keys) = (Vec::new(), Vec::new());
        for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            let document = document.expect("JSON");
            aliases.extend(document["Aliases"].as_array().cloned().unwrap_or_default());
            keys.extend(document.get("KeyMetadata").cloned());
        }
        Self(Arc::new(Mutex::new(World {
            aliases,
            keys,
            page: 100,
            denied: BTreeSet::new(),
            gone: BTreeSet::new(),
            lists_keys: true,
            lists_aliases: true,
            limit: usize::MAX,
            breaks_at: usize::MAX,
            circles: false,
            asked: Vec::new(),
            described: Vec::new(),
            refused_as_busy: 0,
        })))
    }

    /// So many keys with an alias each.
    pub fn with_keys(count: usize) -> Self {
        let fake = Self::of("");
        for number in 0..count {
            let id = format!("00000000-0000-4000-8000-{number:012}");
            let scope = "arn:aws:kms:eu-west-3:111122223333";
            let mut world = fake.world();
            world.keys.push(json!({
                "KeyId": id, "Arn": format!("{scope}:key/{id}"), "KeyState": "Enabled",
                "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
                "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            }));
            world.aliases.push(json!({
                "AliasName": format!("alias/n{number}"),
                "AliasArn": format!("{scope}:alias/n{number}"), "TargetKeyId": id,
            }));
        }
        fake
    }

    /// How many aliases and keys there are.
    pub fn counts(&self) -> (usize, usize) {
        let world = self.world();
        (world.aliases.len(), world.keys.len())
    }

    /// Answers so many questions more, and then none.
    pub fn break_after(&self, questions: usize) {
        let mut world = self.world();
        world.breaks_at = world.asked.len() + questions;
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("no test panics with it")
    }
}

impl World {
    pub fn key_id(&self, index: usize) -> String {
        let id = self.keys[index]["KeyId"].as_str();
        id.expect("an ID").to_owned()
    }

    fn answer(&mut self, question: &Question) -> Result<Value, Failure> {
        let now = Instant::now();
        self.asked.push((now, question.clone()));
        if self.asked.len() > self.breaks_at {
            return Err(Failure::Other("the connection broke".to_owned()));
        }
        let second = Duration::from_secs(1);
        let recent = self.asked.iter().rev();
        if recent.take_while(|(at, _)| now - *at < second).count() > self.limit {
            self.refused_as_busy += 1;
            return Err(Failure::Busy(
                "ThrottlingException: Rate exceeded".to_owned(),
            ));
        }
        let denied = || Err(Failure::Denied("AccessDeniedException: no".to_owned()));
        match question {
            Question::ListAliases { marker } if self.lists_aliases => {
                Ok(self.page("Aliases", &self.aliases, marker.as_ref()))
            }
            Question::ListKeys { marker } if self.lists_keys => {
                let item = |key: &Value| json!({"KeyId": key["KeyId"], "KeyArn": key["Arn"]});
                let keys: Vec<_> = self.keys.iter().map(item).collect();
                Ok(self.page("Keys", &keys, marker.as_ref()))
            }
            Question::DescribeKey { key_id } if !self.denied.contains(key_id) => {
                self.describe(key_id)
            }
            _ => denied(),
        }
    }

    fn page(&self, member: &str, items: &[Value], marker: Option<&String>) -> Value {
        let from = marker.map_or(0, |marker| marker.parse().expect("a marker of ours"));
        let to = items.len().min(from + self.page);
        let mut page = json!({member: items[from..to], "Truncated": to < items.len()});
        if self.circles {
            page["Truncated"] = true.into();
            page["NextMarker"] = "0".into();
        } else if to < items.len() {
            page["NextMarker"] = to.to_string().into();
        }
        page
    }

    fn describe(&mut self, key_id: &str) -> Result<Value, Failure> {
        let key = self.keys.iter().find(|key| key["KeyId"] == key_id);
        match key {
            Some(key) if !self.gone.contains(key_id) => {
                self.described.push(key_id.to_owned());
                Ok(json!({"KeyMetadata": key}))
            }
            _ => Err(Failure::Gone("NotFoundException".to_owned())),
        }
    }
}

impl Kms for Fake {
    async fn ask(&self, question: Question) -> Result<Vec<u8>, Failure> {
        let answer = self.world().answer(&question);
        // A connection breaks at once; what was asked before it is answered after it.
        if !matches!(answer, Err(Failure::Other(_))) {
            sleep(Duration::from_millis(80)).await;
        }
        // With line breaks, as some servers send it.
        answer.map(|answer| serde_json::to_vec_pretty(&answer).expect("JSON"))
    }
}
