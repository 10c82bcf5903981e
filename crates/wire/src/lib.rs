//! The service's JSON 1.1 protocol as a pure function.
//!
//! [`handle`] takes a table, the value of a request's `X-Amz-Target`, its body and the time, and
//! gives the status and the body of the answer. It opens no socket and reads no clock: a server is
//! a few lines around it, and a test needs none.
//!
//! # Operations
//! - CreateAlias, UpdateAlias, DeleteAlias, ListAliases, ListKeys, DescribeKey, CreateKey,
//!   EnableKey, DisableKey, ScheduleKeyDeletion and CancelKeyDeletion are done. DescribeKey of an
//!   alias of AWS's own that has no key yet makes the key.
//! - UpdateKeyDescription, TagResource, UntagResource, ListResourceTags, GetKeyPolicy, PutKeyPolicy,
//!   ListKeyPolicies, EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand
//!   and ListKeyRotations keep what they are told, and nobody acts upon it: no policy is evaluated,
//!   nothing is rotated. CreateGrant is judged as far as its answers were recorded; ListGrants lists
//!   none.
//! - Keys whose deletion is due are deleted with their aliases (rule S5), before the request is looked
//!   at.
//! - GetParametersForImport is judged, and answered with a public key whose private key nobody has:
//!   nothing is imported.
//! - ReplicateKey and UpdatePrimaryRegion reach into other Regions: see [`handle_in`].
//! - Encrypt, Decrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, Sign, Verify, GenerateMac,
//!   VerifyMac and GetPublicKey are judged, by key or through an alias: by the usage of the key, its
//!   state (rule S6), its spec and the algorithm, and what is to be signed or encrypted. This crate holds no key material, so where
//!   nothing stands against them the answer is `UnsupportedOperationException`, or
//!   `DryRunOperationException` if a dry run was asked for and the key decides alone.
//! - Any other is `UnknownOperationException`.
//!
//! # What goes before what
//! 1. The operation; then the body, which is a JSON structure whose members are of the service
//!    model's types: `SerializationException`.
//! 2. What the service model asks of every member, all that is broken at once, as the service tells
//!    it ("2 validation errors detected: …"): `ValidationException`.
//! 3. The rules of the table, in the table's order and words. A call that uses a key meets them in the
//!    order that was measured: what its members have to be together, that the key is there, usage,
//!    state, algorithm, type of the message, lengths, encryption context.
//!
//! # Our choices
//! No public source settles these:
//! - A member that is said twice is refused, as nobody can tell which of the two was meant; an
//!   integer has no fraction and no exponent and fits 64 bits; a blob is base64 with its padding; an
//!   empty body is no structure. Unknown members are passed over whatever they hold.
//! - No more than 32 broken constraints are told.
//! - Every refusal has the status 400, as clients try again after a 5xx. What depends on a key that is
//!   not described (rule I6) is no refusal: it is a `KMSInternalException` with the status 500, whose
//!   words name the key.
//! - CreateKey takes a custom key store that is named to be there, and enforces no quota of keys. If
//!   its key ID is taken, which 16 random bytes never are, it answers `AlreadyExistsException`. The
//!   ID of its first key material is the random bytes and their complement.
//! - A replica of which no Region is known is shown as an empty structure. A replica is ready at once,
//!   and a change of the primary Region is done at once. A rotation on demand stays under way.
//! - The key that DescribeKey makes for an alias of AWS's own has no description.
//!
//! Words that are known from an emulator only, or are ours, are marked so in the sources.

extern crate alloc;

mod create;
mod due;
mod fault;
mod grant;
mod handle;
mod import;
mod judge;
mod kept;
mod message;
mod operation;
mod output;
mod perform;
mod read;
mod regions;
mod response;
mod rotation;
mod validate;
mod value;

pub use handle::{Judgement, handle, handle_in, judge};
pub use regions::{OtherRegions, reaches_other_regions};
pub use response::Response;
