//! What is asked.

/// What a run asks.
#[derive(Clone, Copy)]
pub enum Kind {
    UpdateAlias,
    DescribeKey,
    ListAliases,
    /// An alias is created and deleted, in turn.
    CreateAndDelete,
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "UpdateAlias" => Self::UpdateAlias,
            "DescribeKey" => Self::DescribeKey,
            "ListAliases" => Self::ListAliases,
            "CreateAlias+DeleteAlias" => Self::CreateAndDelete,
            _ => return None,
        })
    }
}

/// Numbers without order, the same in every run (xorshift).
pub struct Chance {
    client: usize,
    state: u64,
}

impl Chance {
    pub fn new(client: usize) -> Self {
        let state = (client as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { client, state }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % bound as u64) as usize
    }
}

/// Where the requests of a run come from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub kind: Kind,
    pub aliases: usize,
    pub key_ids: &'a [String],
}

impl Source<'_> {
    /// The next request of a client.
    pub fn request(&self, round: u64, chance: &mut Chance) -> Vec<u8> {
        let name = alias_name(chance.below(self.aliases));
        let key_id = &self.key_ids[chance.below(self.key_ids.len())];
        match self.kind {
            Kind::UpdateAlias => alias("UpdateAlias", &name, key_id),
            Kind::DescribeKey => http("DescribeKey", &format!(r#"{{"KeyId":"{name}"}}"#)),
            Kind::ListAliases => http("ListAliases", &format!(r#"{{"KeyId":"{key_id}"}}"#)),
            Kind::CreateAndDelete => {
                let name = format!("alias/new-of-client-{}", chance.client);
                if round.is_multiple_of(2) {
                    return create_alias(&name, key_id);
                }
                http("DeleteAlias", &format!(r#"{{"AliasName":"{name}"}}"#))
            }
        }
    }
}

pub fn alias_name(number: usize) -> String {
    format!("alias/service-{:03}/key-{number:07}", number % 1000)
}

pub fn create_key() -> Vec<u8> {
    http("CreateKey", "{}")
}

pub fn create_alias(name: &str, key_id: &str) -> Vec<u8> {
    alias("CreateAlias", name, key_id)
}

pub fn list_keys(marker: Option<&str>) -> Vec<u8> {
    match marker {
        Some(marker) => http(
            "ListKeys",
            &format!(r#"{{"Limit":1000,"Marker":"{marker}"}}"#),
        ),
        None => http("ListKeys", r#"{"Limit":1000}"#),
    }
}

fn alias(operation: &str, name: &str, key_id: &str) -> Vec<u8> {
    http(
        operation,
        &format!(r#"{{"AliasName":"{name}","TargetKeyId":"{key_id}"}}"#),
    )
}

/// The request as an SDK sends it, short of its longest headers.
fn http(operation: &str, body: &str) -> Vec<u8> {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: TrentService.{operation}\r\n\
         Content-Type: application/x-amz-json-1.1\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=any/20261125/us-east-1/kms/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=0\r\n\
         X-Amz-Date: 20261125T000000Z\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
