//! The class `Table`: the keys and aliases of one account and Region.

use std::sync::{Mutex, MutexGuard, PoisonError};

use kms_alias::{
    AccountId, AliasTable, KeyId, KeyMetadata, ListAliases, ListKeys, Operation, Refusal, Region,
    ReservedNames, Scope, TargetKeyId, Timestamp, parse_key_identifier,
};
use kms_alias_files::{Loaded, Options, list_aliases_json};
use kms_alias_wire::handle;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyType};
use serde_json::{Value, json};

use crate::documents::Documents;
use crate::errors;
use crate::identifier::reserved_names;
use crate::request::{Members, Text, key_state};
use crate::time::moment;

/// The keys and aliases of one account and Region, as KMS keeps them.
///
/// Every operation is checked against every rule before anything changes: it happens wholly, or it
/// raises a :class:`Refusal` with KMS's exception, words and the number of the rule. ``at`` is when
/// it happens: a ``datetime`` with a time zone, seconds since the Unix epoch, or now.
///
/// ``reserved`` is the reading of rule A4: which names belong to AWS. ``aliases_per_key`` is the
/// quota of rule T6, where AWS raised it above 50.
///
/// >>> from kms_alias import Table
/// >>> table = Table("eu-west-3", "111122223333")
/// >>> key = "1234abcd-12ab-34cd-56ef-1234567890ab"
/// >>> table.insert_key({
/// ...     "KeyId": key, "Arn": f"arn:aws:kms:eu-west-3:111122223333:key/{key}",
/// ...     "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
/// ...     "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
/// ... })
/// >>> table.create_alias("alias/payments", key)
/// >>> table.get("alias/payments")
/// '1234abcd-12ab-34cd-56ef-1234567890ab'
/// >>> len(table), list(table), "alias/refunds" in table
/// (1, ['alias/payments'], False)
/// >>> table.create_alias("alias/payments", key)
/// Traceback (most recent call last):
/// kms_alias.AlreadyExistsException: AlreadyExistsException: An alias with the name arn:aws:kms:eu-west-3:111122223333:alias/payments already exists (rule A6)
#[pyclass(module = "kms_alias", frozen, subclass)]
pub(crate) struct Table {
    // Held while the table works, and never while Python runs: a thread waits, and does not fail.
    table: Mutex<AliasTable>,
}

/// The options of an account's files.
pub(crate) fn options(reserved: Option<&str>, aliases_per_key: Option<u32>) -> PyResult<Options> {
    let mut options = Options::default().with_reserved_names(reserved_names(reserved)?);
    options.aliases_per_key = aliases_per_key;
    Ok(options)
}

fn parsed<T: std::str::FromStr<Err = kms_alias::ParseError>>(
    py: Python<'_>,
    text: &str,
) -> PyResult<T> {
    text.parse().map_err(|error| errors::invalid(py, &error))
}

/// The only key of a document that describes one.
fn described_key(py: Python<'_>, metadata: &Bound<'_, PyAny>) -> PyResult<KeyMetadata> {
    let module = py.import("kms_alias._json")?;
    let wrapped = module.getattr("key_document")?.call1((metadata,))?;
    let documents = Documents::one("metadata", &wrapped)?;
    let loaded = Loaded::read(&documents.files(), Options::default());
    let loaded = loaded.map_err(|error| errors::unusable(py, &error))?;
    let mut keys = loaded.table().keys();
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key.clone()),
        _ => Err(PyTypeError::new_err(
            "the document does not describe one key",
        )),
    }
}

/// An instance of a class, which may be a subclass, without its `__init__`.
fn instance<'py>(class: &Bound<'py, PyType>, table: AliasTable) -> PyResult<Bound<'py, Table>> {
    let new = class.py().get_type::<Table>().getattr("__new__")?;
    let scope = table.scope();
    let (region, account) = (scope.region().to_string(), scope.account().to_string());
    let made = new.call1((class, region, account))?.cast_into::<Table>()?;
    *made.get().lock() = table;
    Ok(made)
}

impl Table {
    fn of(table: AliasTable) -> Self {
        let table = Mutex::new(table);
        Self { table }
    }

    /// The table; an operation that a panic ended changed nothing.
    fn lock(&self) -> MutexGuard<'_, AliasTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the service answers, as boto3 shows it.
    fn answer(&self, py: Python<'_>, operation: &str, request: &Value) -> PyResult<Py<PyAny>> {
        let target = format!("TrentService.{operation}");
        let body = request.to_string();
        let at = Timestamp::from_millis(0);
        let response = handle(&mut self.lock(), &target, body.as_bytes(), at, [0; 16]);
        let json = PyBytes::new(py, response.body());
        let answer = py.import("kms_alias._json")?.getattr("answer")?;
        answer.call1((json,)).map(Bound::unbind)
    }

    fn perform(
        &self,
        py: Python<'_>,
        operation: Result<Operation, Refusal>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let at = moment(at)?;
        let done = operation.and_then(|operation| self.lock().apply(&operation, at));
        done.map(|_| ())
            .map_err(|refusal| errors::refused(py, &refusal))
    }

    fn reading(&self) -> ReservedNames {
        self.lock().reserved_names()
    }

    fn names(&self) -> Vec<String> {
        let table = self.lock();
        table.iter().map(|alias| alias.name().to_owned()).collect()
    }

    fn ask(
        &self,
        py: Python<'_>,
        name: &str,
        members: &Members,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.perform(py, members.operation(name, self.reading()), at)
    }
}

fn text_of(text: Option<&Text>) -> Option<&str> {
    text.map(|Text(text)| text.as_str())
}

#[pymethods]
impl Table {
    #[new]
    #[pyo3(signature = (region, account, *, reserved = None, aliases_per_key = None))]
    fn new(
        py: Python<'_>,
        region: Text,
        account: Text,
        reserved: Option<&str>,
        aliases_per_key: Option<u32>,
    ) -> PyResult<Self> {
        let region: Region = parsed(py, &region.0)?;
        let account: AccountId = parsed(py, &account.0)?;
        let mut table = AliasTable::new(Scope::new(region, account))
            .with_reserved_names(reserved_names(reserved)?);
        if let Some(quota) = aliases_per_key {
            table = table.with_aliases_per_key(quota);
        }
        Ok(Self::of(table))
    }

    /// The table of an account's files: what ``list-aliases``, ``list-keys`` and ``describe-key`` of
    /// the AWS CLI printed, as text or bytes, or what boto3 answered.
    ///
    /// >>> from kms_alias import Table
    /// >>> Table.from_account([{"Aliases": [{
    /// ...     "AliasName": "alias/aws/s3",
    /// ...     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3",
    /// ... }]}])
    /// <Table arn:aws:kms:eu-west-3:111122223333: aliases 1, keys 0>
    #[classmethod]
    #[pyo3(signature = (account, *, reserved = None, aliases_per_key = None))]
    fn from_account<'py>(
        class: &Bound<'py, PyType>,
        account: &Bound<'py, PyAny>,
        reserved: Option<&str>,
        aliases_per_key: Option<u32>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = class.py();
        let documents = Documents::of("account", account)?;
        let options = options(reserved, aliases_per_key)?;
        let loaded = py.detach(|| Loaded::read(&documents.files(), options));
        let loaded = loaded.map_err(|error| errors::unusable(py, &error))?;
        instance(class, loaded.into_table())
    }

    /// The Region.
    #[getter]
    fn region(&self) -> String {
        self.lock().scope().region().to_string()
    }

    /// The account.
    #[getter]
    fn account(&self) -> String {
        self.lock().scope().account().to_string()
    }

    /// What the names begin with that belong to AWS (rule A4).
    #[getter]
    fn reserved(&self) -> &'static str {
        self.lock().reserved_names().prefix()
    }

    /// The quota of aliases per key (rule T6).
    #[getter]
    fn aliases_per_key(&self) -> u32 {
        self.lock().aliases_per_key()
    }

    /// The IDs of the keys, in their order.
    #[getter]
    fn key_ids(&self) -> Vec<String> {
        let table = self.lock();
        table.keys().map(|key| key.key_id().to_string()).collect()
    }

    /// Puts a key into the table: ``KeyMetadata`` as ``describe_key`` gives it, or what is around it.
    ///
    /// Raises :class:`UnusableInput` for what is no key, :class:`Inconsistent` for one of another
    /// account or Region, or one that stands in the table already (rules I1, I2).
    fn insert_key(&self, py: Python<'_>, metadata: &Bound<'_, PyAny>) -> PyResult<()> {
        let key = described_key(py, metadata)?;
        let inserted = self.lock().insert_key(key);
        inserted
            .map(|_| ())
            .map_err(|error| errors::inconsistent(py, &error))
    }

    /// CreateAlias (rules C1, A1 to A6, T1 to T6).
    #[pyo3(signature = (alias_name, target_key_id, *, at = None))]
    fn create_alias(
        &self,
        py: Python<'_>,
        alias_name: Text,
        target_key_id: Text,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let members = Members::of_alias(alias_name.0, Some(target_key_id.0));
        self.ask(py, "CreateAlias", &members, at)
    }

    /// UpdateAlias (rules U1 to U7, T1 to T6).
    #[pyo3(signature = (alias_name, target_key_id, *, at = None))]
    fn update_alias(
        &self,
        py: Python<'_>,
        alias_name: Text,
        target_key_id: Text,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let members = Members::of_alias(alias_name.0, Some(target_key_id.0));
        self.ask(py, "UpdateAlias", &members, at)
    }

    /// DeleteAlias (rules D1, U1).
    fn delete_alias(&self, py: Python<'_>, alias_name: Text) -> PyResult<()> {
        self.ask(
            py,
            "DeleteAlias",
            &Members::of_alias(alias_name.0, None),
            None,
        )
    }

    /// EnableKey (rules S7, S8).
    fn enable_key(&self, py: Python<'_>, key_id: Text) -> PyResult<()> {
        self.ask(py, "EnableKey", &Members::of_key(key_id.0), None)
    }

    /// DisableKey (rules S7, S8).
    fn disable_key(&self, py: Python<'_>, key_id: Text) -> PyResult<()> {
        self.ask(py, "DisableKey", &Members::of_key(key_id.0), None)
    }

    /// ScheduleKeyDeletion, after 7 to 30 days (rules S4, S7, S8).
    #[pyo3(signature = (key_id, pending_window_in_days = None, *, at = None))]
    fn schedule_key_deletion(
        &self,
        py: Python<'_>,
        key_id: Text,
        pending_window_in_days: Option<i64>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let members = Members {
            pending_window_in_days,
            ..Members::of_key(key_id.0)
        };
        self.ask(py, "ScheduleKeyDeletion", &members, at)
    }

    /// CancelKeyDeletion (rules S4, S7, S8).
    fn cancel_key_deletion(&self, py: Python<'_>, key_id: Text) -> PyResult<()> {
        self.ask(py, "CancelKeyDeletion", &Members::of_key(key_id.0), None)
    }

    /// The deletion of a key is carried out, and its aliases go with it (rule S5).
    #[pyo3(signature = (key_id, *, at = None))]
    fn delete_key(
        &self,
        py: Python<'_>,
        key_id: Text,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let key_id: KeyId = parsed(py, &key_id.0)?;
        self.perform(py, Ok(Operation::DeleteKey { key_id }), at)
    }

    /// A key's state changes from outside: its import is finished, its key store is disconnected
    /// (rules S1, S2, S3).
    #[pyo3(signature = (key_id, state, *, at = None))]
    fn set_key_state(
        &self,
        py: Python<'_>,
        key_id: Text,
        state: &str,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let key_id: KeyId = parsed(py, &key_id.0)?;
        let state = key_state(state)?;
        self.perform(py, Ok(Operation::SetKeyState { key_id, state }), at)
    }

    /// Does an operation that is named as KMS names it, with KMS's member names.
    ///
    /// >>> from kms_alias import Table
    /// >>> table = Table("eu-west-3", "111122223333")
    /// >>> table.apply("DeleteAlias", {"AliasName": "payments"})
    /// Traceback (most recent call last):
    /// kms_alias.ValidationException: ValidationException: Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html (rule A1)
    #[pyo3(signature = (operation, request, *, at = None))]
    fn apply(
        &self,
        py: Python<'_>,
        operation: Text,
        request: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.ask(py, &operation.0, &Members::of(request)?, at)
    }

    /// What :meth:`apply` would raise, without doing anything.
    #[pyo3(signature = (operation, request, *, at = None))]
    fn check(
        &self,
        py: Python<'_>,
        operation: Text,
        request: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let members = Members::of(request)?;
        let at = moment(at)?;
        let operation = members.operation(&operation.0, self.reading());
        let checked = operation.and_then(|operation| self.lock().check(&operation, at));
        checked
            .map(|_| ())
            .map_err(|refusal| errors::refused(py, &refusal))
    }

    /// DescribeKey, by key ID, key ARN, alias name or alias ARN, as boto3 answers it (rules K6, L5).
    fn describe_key(&self, py: Python<'_>, key_id: Text) -> PyResult<Py<PyAny>> {
        let key_id = &*key_id.0;
        let found = parse_key_identifier(Some(key_id))
            .and_then(|identifier| self.lock().describe_key(&identifier).map(|_| ()));
        found.map_err(|refusal| errors::refused(py, &refusal))?;
        self.answer(py, "DescribeKey", &json!({"KeyId": key_id}))
    }

    /// The ARN of the key that a key ID, key ARN, alias name or alias ARN names (rule K6).
    fn resolve(&self, py: Python<'_>, key_id: Text) -> PyResult<String> {
        let found = parse_key_identifier(Some(&key_id.0))
            .and_then(|identifier| self.lock().describe_key(&identifier).map(KeyMetadata::arn));
        match found {
            Ok(arn) => Ok(arn.to_string()),
            Err(refusal) => Err(errors::refused(py, &refusal)),
        }
    }

    /// A page of ListAliases, of all aliases or of one key's, as boto3 answers it (rules L1 to L4).
    ///
    /// >>> from kms_alias import Table
    /// >>> Table("eu-west-3", "111122223333").list_aliases(limit=10)
    /// {'Aliases': [], 'Truncated': False}
    #[pyo3(signature = (key_id = None, *, limit = None, marker = None))]
    fn list_aliases(
        &self,
        py: Python<'_>,
        key_id: Option<Text>,
        limit: Option<i64>,
        marker: Option<Text>,
    ) -> PyResult<Py<PyAny>> {
        let (key_id, marker) = (text_of(key_id.as_ref()), text_of(marker.as_ref()));
        let listed = ListAliases::parse(key_id, limit, marker)
            .and_then(|request| self.lock().list_aliases(&request).map(|_| ()));
        listed.map_err(|refusal| errors::refused(py, &refusal))?;
        let request = json!({"KeyId": key_id, "Limit": limit, "Marker": marker});
        self.answer(py, "ListAliases", &request)
    }

    /// A page of ListKeys, as boto3 answers it (rules L2 to L4).
    #[pyo3(signature = (*, limit = None, marker = None))]
    fn list_keys(
        &self,
        py: Python<'_>,
        limit: Option<i64>,
        marker: Option<Text>,
    ) -> PyResult<Py<PyAny>> {
        let marker = text_of(marker.as_ref());
        if let Err(refusal) = ListKeys::parse(limit, marker) {
            return Err(errors::refused(py, &refusal));
        }
        self.answer(py, "ListKeys", &json!({"Limit": limit, "Marker": marker}))
    }

    /// The names of a key's aliases, in their order; none if there is no such key.
    fn aliases_of(&self, py: Python<'_>, key_id: Text) -> PyResult<Vec<String>> {
        let key: TargetKeyId = parsed(py, &key_id.0)?;
        let (key_id, table) = (key.key_id(), self.lock());
        let aliases = table.aliases_of(&key_id);
        Ok(aliases.map(|alias| alias.name().to_owned()).collect())
    }

    /// The ID of the key that an alias names; None if there is no such alias, or it has no key.
    fn get(&self, alias_name: Text) -> Option<String> {
        let table = self.lock();
        let key_id = table.get(&alias_name.0)?.target_key_id()?;
        Some(key_id.to_string())
    }

    /// The aliases as ``aws kms list-aliases`` prints them.
    fn to_json(&self) -> String {
        list_aliases_json(&self.lock())
    }

    /// A table of its own with the same keys and aliases; what a subclass keeps beside them is
    /// shared.
    fn copy<'py>(table: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        let copied = instance(&table.get_type(), table.get().lock().clone())?;
        if let Ok(members) = table.getattr("__dict__") {
            copied
                .getattr("__dict__")?
                .call_method1("update", (members,))?;
        }
        Ok(copied)
    }

    fn __copy__<'py>(table: &Bound<'py, Self>) -> PyResult<Bound<'py, Self>> {
        Self::copy(table)
    }

    fn __deepcopy__<'py>(
        table: &Bound<'py, Self>,
        memo: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, Self>> {
        let _ = memo;
        Self::copy(table)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a Table is not pickled, as no two processes can share it: pickle the documents that it \
             is made of, and make one by Table.from_account in each",
        ))
    }

    fn __len__(&self) -> usize {
        self.lock().len()
    }

    fn __contains__(&self, alias_name: Text) -> bool {
        self.lock().get(&alias_name.0).is_some()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let names = self.names();
        let names = PyList::new(py, names)?;
        names.into_any().call_method0("__iter__")
    }

    fn __repr__(&self) -> String {
        let table = self.lock();
        let (aliases, keys) = (table.len(), table.key_count());
        format!("<Table {}: aliases {aliases}, keys {keys}>", table.scope())
    }
}
