//! A stay in hospital: the plan stands still, and afterwards the medication is reconciled.

use std::time::{Duration, Instant};

use samspil_client::Connection;
use samspil_proto::{
    careplan::v1::{
        AcceptActivityRequest, CarePlan, CloseReconciliationRequest, DecideDifferenceRequest, DifferenceDecision,
        DifferenceKind, GetCarePlanRequest, LineReference, MedicationLine, MedicationList, MedicationListKind,
        PutMedicationListRequest, Reconciliation, difference_decision::Outcome,
    },
    directory::v1::{HospitalEvent, HospitalEventKind, RecordHospitalEventRequest},
    time,
};

use super::request_id;
use crate::{server::Server, tell::Teller};

/// Plays the stay and the reconciliation after it.
pub(super) async fn play(server: &Server, teller: &Teller, patient: &str, plan: &str) -> anyhow::Result<()> {
    let (nurse, specialist) = (server.connect("nurse").await?, server.connect("specialist").await?);
    let practice = server.connect("gp").await?;
    teller.heading("A stay in hospital");
    tell(&specialist, patient, HospitalEventKind::AdmitInpatient).await?;
    wait(&nurse, plan, |plan| plan.paused == "ADMITTED").await?;
    teller.step("hospital", "reports an admission: the municipality's part of the plan stands still");
    tell(&specialist, patient, HospitalEventKind::DischargeHome).await?;
    let found = wait(&nurse, plan, |plan| plan.paused.is_empty() && !plan.reconciliations.is_empty()).await?;
    teller.step("hospital", "reports the discharge: the plan goes on, and the medication has to be reconciled");
    let opened = found.reconciliations[0].clone();
    accept(&nurse, &opened.activity).await?;
    teller.step("nurse", "takes the task on, due in three working days");

    put(&nurse, &opened, MedicationListKind::BeforeAdmission, &[FUROSEMIDE, IBUPROFEN, PANODIL]).await?;
    put(&nurse, &opened, MedicationListKind::Municipality, &[FUROSEMIDE, IBUPROFEN, PANODIL]).await?;
    put(&practice, &opened, MedicationListKind::GeneralPractice, &[FUROSEMIDE, PANODIL]).await?;
    let twice = ("C03CA01", "Furix", 40_000, 2_000);
    let open = put(&specialist, &opened, MedicationListKind::Discharge, &[twice, PAMOL]).await?;
    teller.step("all three", &format!("put their lists in; {} differences", open.differences.len()));
    let closed = reconcile(&nurse, teller, open).await?;
    teller.step("nurse", &format!("closes it: one agreed list of {} medicines", closed.agreed.len()));
    for agreed in &closed.agreed {
        let line = agreed.line.clone().unwrap_or_default();
        teller.detail(&format!("{} {}, {}", line.atc, line.product_name, line.dosage));
    }
    Ok(())
}

/// ATC code, product, strength in thousandths of a milligram, tablets a day in thousandths.
type Medicine = (&'static str, &'static str, i64, i64);

const FUROSEMIDE: Medicine = ("C03CA01", "Furix", 40_000, 1_000);
const IBUPROFEN: Medicine = ("M01AE01", "Ipren", 200_000, 3_000);
const PANODIL: Medicine = ("N02BE01", "Panodil", 500_000, 4_000);
const PAMOL: Medicine = ("N02BE01", "Pamol", 500_000, 4_000);

async fn tell(hospital: &Connection, patient: &str, kind: HospitalEventKind) -> anyhow::Result<()> {
    let event = HospitalEvent {
        kind: kind.into(),
        event_time: Some(time::to_wire(hospital.clock().now())),
        ..HospitalEvent::default()
    };
    let request = RecordHospitalEventRequest {
        parent: patient.to_owned(),
        hospital_event: Some(event),
        request_id: request_id(),
    };
    hospital.call(request, |s, r| async move { s.directory().record_hospital_event(r).await }).await?;
    Ok(())
}

/// The plan, once it has followed.
async fn wait(nurse: &Connection, plan: &str, wanted: impl Fn(&CarePlan) -> bool) -> anyhow::Result<CarePlan> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let request = GetCarePlanRequest { name: plan.to_owned(), version: 0 };
        let found = nurse.call(request, |s, r| async move { s.careplan().get_care_plan(r).await }).await?;
        if wanted(&found) {
            return Ok(found);
        }
        anyhow::ensure!(Instant::now() < until, "the care plan does not follow the hospital");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn accept(nurse: &Connection, task: &str) -> anyhow::Result<()> {
    let request =
        AcceptActivityRequest { name: task.to_owned(), request_id: request_id(), ..AcceptActivityRequest::default() };
    nurse.call(request, |s, r| async move { s.careplan().accept_activity(r).await }).await?;
    Ok(())
}

async fn put(
    who: &Connection,
    reconciliation: &Reconciliation,
    kind: MedicationListKind,
    medicines: &[Medicine],
) -> anyhow::Result<Reconciliation> {
    let line = |(i, (atc, product_name, strength, daily)): (usize, &Medicine)| MedicationLine {
        line_id: (i + 1).to_string(),
        atc: (*atc).to_owned(),
        product_name: (*product_name).to_owned(),
        strength_milli: Some(*strength),
        strength_unit: "mg".to_owned(),
        form: "tablet".to_owned(),
        daily_dose_milli: Some(*daily),
        dosage: format!("{} a day", daily / 1_000),
        ..MedicationLine::default()
    };
    let list = MedicationList {
        kind: kind.into(),
        lines: medicines.iter().enumerate().map(line).collect(),
        effective_time: Some(time::to_wire(who.clock().now())),
        ..MedicationList::default()
    };
    let request = PutMedicationListRequest {
        name: reconciliation.name.clone(),
        list: Some(list),
        etag: String::new(),
        request_id: request_id(),
    };
    Ok(who.call(request, |s, r| async move { s.careplan().put_medication_list(r).await }).await?)
}

/// Decides every difference, one by one, for what the hospital discharged the patient with.
async fn reconcile(
    nurse: &Connection,
    teller: &Teller,
    mut reconciliation: Reconciliation,
) -> anyhow::Result<Reconciliation> {
    while let Some(open) = reconciliation.differences.iter().find(|difference| difference.decision.is_none()).cloned() {
        let discharge = i32::from(MedicationListKind::Discharge);
        let kept = open.lines.iter().find(|line| line.list == discharge);
        let outcome = kept.map_or(Outcome::Stop(true), |line| Outcome::Keep(LineReference::clone(line)));
        let stopped = matches!(outcome, Outcome::Stop(_));
        let decision = DifferenceDecision {
            outcome: Some(outcome),
            reason: "As discharged; talked over with the practice".to_owned(),
            ..DifferenceDecision::default()
        };
        let request = DecideDifferenceRequest {
            name: reconciliation.name.clone(),
            difference_id: open.difference_id.clone(),
            decision: Some(decision),
            etag: reconciliation.etag.clone(),
            request_id: request_id(),
        };
        reconciliation = nurse.call(request, |s, r| async move { s.careplan().decide_difference(r).await }).await?;
        let kind = DifferenceKind::try_from(open.kind).unwrap_or_default();
        let kind = kind.as_str_name().trim_start_matches("DIFFERENCE_KIND_").to_lowercase().replace('_', " ");
        let what = if stopped { "stopped" } else { "as discharged" };
        teller.detail(&format!("{} {kind}: {what}", open.atc));
    }
    let request = CloseReconciliationRequest {
        name: reconciliation.name.clone(),
        etag: reconciliation.etag,
        request_id: request_id(),
    };
    Ok(nurse.call(request, |s, r| async move { s.careplan().close_reconciliation(r).await }).await?)
}
