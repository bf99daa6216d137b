//! Everything that is done with a patient, from the first consent to the check of an emergency.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use samspil_kit::{Clock, identity::demo};
use samspil_phantom::{Metadata, Scene, photograph};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    asking::Asking,
    marks::{HYPHENATED, NAME, NUMBER, REPLACEMENT, TEXT},
};

fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

fn snomed(code: &str, display: &str) -> Value {
    json!({"system": "http://snomed.info/sct", "code": code, "display": display})
}

fn name(of: &Value) -> String {
    of["name"].as_str().unwrap().to_owned()
}

fn now() -> String {
    Clock::system().now().to_rfc3339()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A photograph that tells who is on it: in a comment, in XMP, in EXIF, and behind its end.
fn photo() -> Vec<u8> {
    let scene = Scene { width: 640, height: 480, ..Scene::visit(7, 0) };
    let mut jpeg = photograph(&scene, &Metadata { serial: format!("{NUMBER} {TEXT}"), ..Metadata::default() }).0;
    let told = format!("{NUMBER} {NAME} {TEXT}");
    for (marker, begin) in [(0xfe, ""), (0xe1, "http://ns.adobe.com/xap/1.0/\0")] {
        let segment = format!("{begin}{told}");
        let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
        jpeg.splice(2..2, [&[0xff, marker], &length[..], segment.as_bytes()].concat());
    }
    jpeg.extend(told.as_bytes());
    jpeg
}

/// Some of a photo's bytes, which nothing else has.
fn known(jpeg: &[u8]) -> Vec<Vec<u8>> {
    [4, 5, 6, 7].map(|eighth| jpeg[jpeg.len() * eighth / 8..][..24].to_vec()).into()
}

/// Gives bytes of her photo, to look for them.
pub(crate) async fn play(asking: &mut Asking<'_>) -> Vec<Vec<u8>> {
    let patient = citizen(asking).await;
    let jpeg = photo();
    // Each in a box: all of them in one are more than a test's stack.
    let wound = Box::pin(wound(asking, &patient, &jpeg)).await;
    Box::pin(plan(asking, &patient)).await;
    Box::pin(referral(asking, &patient, &wound)).await;
    Box::pin(access(asking, &patient)).await;
    known(&jpeg)
}

async fn citizen(asking: &mut Asking<'_>) -> String {
    let citizen = json!({"personNumber": NUMBER, "displayName": NAME, "municipalityCode": "0766"});
    let citizen = name(&asking.call("nurse", "RegisterCitizen", citizen).await);
    asking.call("nurse", "AddPersonNumber", json!({"name": citizen, "personNumber": REPLACEMENT})).await;
    asking.call("nurse", "FindCitizen", json!({"personNumber": HYPHENATED})).await;
    asking.call("nurse", "GetCitizen", json!({"name": citizen})).await;
    asking.call("nurse", "BatchGetCitizens", json!({"names": [citizen]})).await;
    for covers in [demo::MUNICIPALITY, demo::HOSPITAL, demo::PRACTICE] {
        let consent = json!({"organisations": [organisation(covers)], "givenTime": now()});
        asking.call("nurse", "GrantConsent", json!({"parent": citizen, "consent": consent})).await;
    }
    let page = asking.call("nurse", "ListConsents", json!({"parent": citizen, "pageSize": 1})).await;
    let next = json!({"parent": citizen, "pageSize": 1, "pageToken": page["nextPageToken"]});
    asking.call("nurse", "ListConsents", next).await;
    citizen
}

async fn wound(asking: &mut Asking<'_>, patient: &str, jpeg: &[u8]) -> String {
    let wound = json!({"type": "WOUND_TYPE_TS6_PRESSURE", "bodySite": snomed("84607009", "heel"),
                       "laterality": "LATERALITY_LEFT"});
    let wound = name(&asking.call("nurse", "OpenWound", json!({"parent": patient, "wound": wound})).await);
    let (visit, photo) = visit(asking, &wound, jpeg).await;
    let question = json!({"visits": [visit], "receiver": organisation(demo::HOSPITAL)});
    let question = json!({"parent": wound, "assessment": question});
    let question = name(&asking.call("nurse", "RequestAssessment", question).await);
    asking.call("specialist", "ListQueue", json!({"pageSize": 1})).await;
    asking.call("specialist", "ClaimAssessment", json!({"name": question})).await;
    looks_at(asking, &photo, jpeg).await;
    asking.call("specialist", "AskForMore", json!({"name": question})).await;
    asking.call("nurse", "SupplyMore", json!({"name": question})).await;
    asking.call("specialist", "ClaimAssessment", json!({"name": question})).await;
    asking.call("specialist", "ReleaseAssessment", json!({"name": question})).await;
    asking.call("specialist", "ClaimAssessment", json!({"name": question})).await;
    let draft = format!("{question}/draft");
    let line = json!([{"dueDays": 2}]);
    asking.call("specialist", "SaveAnswerDraft", json!({"name": draft, "draft": {"plan": line}})).await;
    asking.call("specialist", "GetAnswerDraft", json!({"name": draft})).await;
    let answer = json!({"plan": [{"dueDays": 2}, {"dueDays": 3}]});
    asking.call("specialist", "AnswerAssessment", json!({"name": question, "answer": answer})).await;
    asking.call("specialist", "AmendAnswer", json!({"name": question, "answer": answer})).await;
    asking.call("nurse", "CreateMessage", json!({"parent": wound, "message": {}})).await;
    asking.call("specialist", "CreateMessage", json!({"parent": wound, "message": {}})).await;
    asking.call("nurse", "UpdateWound", json!({"name": wound, "wound": {}, "updateMask": "label"})).await;
    let closed = json!({"parent": wound, "assessment": {"visits": [visit], "receiver": organisation(demo::HOSPITAL)}});
    let closed = name(&asking.call("nurse", "RequestAssessment", closed).await);
    asking.call("nurse", "CloseAssessment", json!({"name": closed})).await;
    for list in ["ListVisits", "ListAssessments", "ListMessages", "ListFlags", "ListScores"] {
        let page = asking.call("nurse", list, json!({"parent": wound, "pageSize": 1})).await;
        if let Some(token) = page.get("nextPageToken") {
            asking.call("nurse", list, json!({"parent": wound, "pageSize": 1, "pageToken": token})).await;
        }
    }
    asking.call("nurse", "ListWounds", json!({"parent": patient, "pageSize": 1})).await;
    asking.call("specialist", "WatchWounds", json!({"name": wound})).await;
    asking.call("specialist", "WatchQueue", json!({})).await;
    wound
}

/// The visit's name and its photo's.
async fn visit(asking: &mut Asking<'_>, wound: &str, jpeg: &[u8]) -> (String, String) {
    let photo = |bytes: &[u8]| json!({"photoId": Uuid::new_v4(), "sizeBytes": bytes.len().to_string(), "sha256": digest(bytes), "captureTime": now()});
    let findings = json!({"lengthMm": 31, "pain": 2});
    let visit = json!({"visitTime": now(), "findings": findings, "photos": [photo(jpeg)]});
    let visit = json!({"parent": wound, "visitId": Uuid::new_v4(), "visit": visit});
    let visit = asking.call("nurse", "CreateVisit", visit).await;
    let stored = name(&visit["photos"][0]);
    let (first, rest) = jpeg.split_at(jpeg.len() / 2);
    for (offset, part) in [(0, first), (first.len(), rest)] {
        let data = BASE64_STANDARD.encode(part);
        asking.call("nurse", "AppendPhoto", json!({"name": stored, "offset": offset.to_string(), "data": data})).await;
    }
    let visit = name(&visit);
    let other = json!({"parent": visit, "photo": photo(&[jpeg, b"another"].concat())});
    let other = name(&asking.call("nurse", "AnnouncePhoto", other).await);
    // Half of it stays where parts wait.
    let half = json!({"name": other, "offset": "0", "data": BASE64_STANDARD.encode(first)});
    asking.call("nurse", "AppendPhoto", half).await;
    asking.call("nurse", "WithdrawPhoto", json!({"name": other})).await;
    asking.call("nurse", "CompleteVisit", json!({"name": visit})).await;
    (visit, stored)
}

async fn looks_at(asking: &mut Asking<'_>, stored: &str, jpeg: &[u8]) {
    asking.call("specialist", "GetPhoto", json!({"name": stored})).await;
    asking.call("specialist", "GetPhotoTile", json!({"name": stored})).await;
    let points = json!([{"x": 100, "y": 100}, {"x": 200, "y": 100}, {"x": 200, "y": 200}]);
    asking.call("specialist", "CreateOutline", json!({"parent": stored, "outline": {"points": points}})).await;
    let original = json!({"name": stored, "rendition": "RENDITION_ORIGINAL"});
    let bytes = asking.stream("specialist", "DownloadPhoto", &[original]).await;
    let bytes: Vec<_> =
        bytes.iter().flat_map(|part| BASE64_STANDARD.decode(part["data"].as_str().unwrap()).unwrap()).collect();
    super::clean(&bytes, &super::ALL, "a photo that is handed out");
    assert!(known(jpeg).iter().all(|part| bytes.windows(part.len()).any(|window| window == part)), "the same photo");
}

async fn plan(asking: &mut Asking<'_>, patient: &str) {
    let plan = format!("{patient}/carePlan");
    let proposed = json!({"parent": plan, "state": "ACTIVITY_STATE_PROPOSED"});
    let mut found = Value::Null;
    for _ in 0..600 {
        found = asking.tries("nurse", "ListActivities", &proposed).await.unwrap();
        if found["activities"].as_array().is_some_and(|found| found.len() >= 2) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    asking.call("nurse", "ListActivities", proposed).await;
    let proposals: Vec<_> = found["activities"].as_array().expect("proposals").iter().map(name).collect();
    asking.call("nurse", "AcceptActivity", json!({"name": proposals[0]})).await;
    asking.call("nurse", "CompleteActivity", json!({"name": proposals[0]})).await;
    asking.call("nurse", "DeclineActivity", json!({"name": proposals[1]})).await;
    let activity = json!({"owner": organisation(demo::MUNICIPALITY), "kind": "ACTIVITY_KIND_FOLLOW_UP", "dueTime": "2030-01-01T10:00:00Z"});
    let activity = name(&asking.call("nurse", "CreateActivity", json!({"parent": plan, "activity": activity})).await);
    let update =
        json!({"name": activity, "activity": {"owner": organisation(demo::MUNICIPALITY)}, "updateMask": "description"});
    asking.call("nurse", "UpdateActivity", update).await;
    asking.call("nurse", "CancelActivity", json!({"name": activity})).await;
    let member = json!({"organisation": organisation(demo::MUNICIPALITY), "role": "nurse"});
    let condition = json!({"code": snomed("280137006", "diabetic foot"), "status": "CONDITION_STATUS_ACTIVE"});
    let parts = [
        ("teamMember", member),
        ("condition", condition),
        ("goal", json!({"status": "GOAL_STATUS_ACTIVE"})),
        ("note", json!({})),
    ];
    for (kind, part) in parts {
        let added = asking.call("nurse", "AddPart", json!({"parent": plan, "part": {kind: part}})).await;
        let part = name(&added["part"][kind]);
        asking.call("nurse", "GetPart", json!({"name": part})).await;
        asking.call("nurse", "WithdrawPart", json!({"name": part})).await;
        asking.call("nurse", "ListPartVersions", json!({"name": part, "pageSize": 1})).await;
    }
    medication(asking, &plan).await;
    asking.call("nurse", "GetCarePlan", json!({"name": plan})).await;
    asking.call("nurse", "WatchCarePlan", json!({"name": plan})).await;
}

async fn medication(asking: &mut Asking<'_>, plan: &str) {
    let open = json!({"parent": plan, "owner": organisation(demo::MUNICIPALITY)});
    let open = name(&asking.call("nurse", "OpenReconciliation", open).await);
    let lists = [
        ("gp", "MEDICATION_LIST_KIND_BEFORE_ADMISSION", "1000"),
        ("specialist", "MEDICATION_LIST_KIND_DISCHARGE", "2000"),
    ];
    let mut last = Value::Null;
    for (person, kind, daily) in lists {
        let line = json!({"lineId": "1", "atc": "C03CA01", "productName": "Furix", "strengthMilli": "40000", "strengthUnit": "mg",
                          "form": "tablet", "dailyDoseMilli": daily});
        let list = json!({"kind": kind, "lines": [line], "effectiveTime": now()});
        last = asking.call(person, "PutMedicationList", json!({"name": open, "list": list})).await;
    }
    let decision = json!({"stop": true});
    let decision = json!({"name": open, "differenceId": last["differences"][0]["differenceId"], "decision": decision});
    asking.call("nurse", "DecideDifference", decision).await;
    asking.call("nurse", "CloseReconciliation", json!({"name": open})).await;
}

async fn referral(asking: &mut Asking<'_>, patient: &str, wound: &str) {
    let referral = json!({"service": snomed("225395003", "wound assessment"), "indications": [snomed("399912005", "pressure ulcer")],
                          "receiver": organisation(demo::HOSPITAL), "wound": wound});
    let create = json!({"parent": patient, "referral": referral});
    let sent = name(&asking.call("nurse", "CreateReferral", create.clone()).await);
    let letter = format!("%PDF-1.7\n{NUMBER} {NAME} {TEXT}");
    let file = json!({"contentType": "application/pdf", "sizeBytes": letter.len().to_string(), "sha256": digest(letter.as_bytes())});
    let title = format!("{TEXT}.pdf");
    let attachment = json!({"parent": sent, "attachment": {"title": title, "file": file}});
    let attachment = name(&asking.call("nurse", "CreateAttachment", attachment).await);
    let chunk = json!({"chunk": {"offset": "0", "data": BASE64_STANDARD.encode(&letter)}});
    asking.stream("nurse", "UploadAttachment", &[json!({"start": {"name": attachment}}), chunk]).await;
    asking.call("nurse", "SendReferral", json!({"name": sent})).await;
    asking.stream("specialist", "DownloadAttachment", &[json!({"name": attachment})]).await;
    asking.call("specialist", "ReceiveReferral", json!({"name": sent})).await;
    asking.call("specialist", "AskSupplement", json!({"name": sent})).await;
    asking.call("nurse", "AnswerSupplement", json!({"name": sent})).await;
    asking.call("specialist", "AcceptReferral", json!({"name": sent})).await;
    let booking = json!({"startTime": "2030-01-01T10:00:00Z", "mode": "BOOKING_MODE_IN_PERSON"});
    asking.call("specialist", "BookReferral", json!({"name": sent, "booking": booking})).await;
    asking.call("specialist", "CancelBooking", json!({"name": sent})).await;
    asking.call("specialist", "CompleteReferral", json!({"name": sent})).await;
    let other = name(&asking.call("nurse", "CreateReferral", create).await);
    asking.call("nurse", "AmendReferral", json!({"name": other, "referral": referral, "updateMask": "note"})).await;
    asking.call("nurse", "SendReferral", json!({"name": other})).await;
    asking.call("specialist", "ReceiveReferral", json!({"name": other})).await;
    asking
        .call("specialist", "RejectReferral", json!({"name": other, "rejectionReason": "REJECTION_REASON_CAPACITY"}))
        .await;
    asking.call("nurse", "ListReferrals", json!({"parent": patient, "box": "BOX_OUTBOX", "pageSize": 1})).await;
    asking.call("nurse", "WatchReferrals", json!({})).await;
}

async fn access(asking: &mut Asking<'_>, patient: &str) {
    let event = json!({"kind": "HOSPITAL_EVENT_KIND_ADMIT_INPATIENT", "eventTime": now()});
    let event =
        asking.call("specialist", "RecordHospitalEvent", json!({"parent": patient, "hospitalEvent": event})).await;
    asking.call("specialist", "CancelHospitalEvent", json!({"name": name(&event)})).await;
    let block = json!({"kind": "BLOCK_KIND_ORGANISATION", "target": organisation(demo::OTHER_HOSPITAL)});
    let block = name(&asking.call("nurse", "CreateBlock", json!({"parent": patient, "block": block})).await);
    asking.call("nurse", "LiftBlock", json!({"name": block})).await;
    asking.call("outsider", "BreakGlass", json!({"parent": "patients/-", "personNumber": HYPHENATED})).await;
    let broken = name(&asking.call("nurse", "BreakGlass", json!({"parent": patient})).await);
    asking.call("nurse", "EndBreakGlass", json!({"name": broken})).await;
    let checks = asking.call("dpo", "ListAccessChecks", json!({"parent": patient})).await;
    let check = json!({"name": name(&checks["accessChecks"][0]), "outcome": "ACCESS_CHECK_OUTCOME_JUSTIFIED"});
    asking.call("dpo", "SettleAccessCheck", check).await;
    for (person, of) in [("nurse", ""), ("dpo", "demo-nurse")] {
        let explain = json!({"patient": patient, "method": "samspil.wound.v1.WoundService/GetWound", "person": of,
                             "role": if of.is_empty() { "" } else { "nurse" }});
        asking.call(person, "ExplainAccess", explain).await;
    }
    for source in super::SERVICES {
        let page =
            asking.call("dpo", "ListAuditEvents", json!({"parent": patient, "source": source, "pageSize": 2})).await;
        if let Some(token) = page.get("nextPageToken") {
            let next = json!({"parent": patient, "source": source, "pageSize": 2, "pageToken": token});
            asking.call("dpo", "ListAuditEvents", next).await;
        }
    }
}
