//! Files and photos.

use samspil_proto::referral::v1::{
    upload_attachment_request::Message as Asked, upload_attachment_response::Message as Heard, *,
};
use samspil_testkit::{World, on_both, refusal, request_id};
use sha2::{Digest as _, Sha256};
use tonic::{Code, Streaming};

use crate::help::*;

/// A file on somebody's disk, and what is said about it.
pub(crate) struct OnDisk {
    pub(crate) bytes: Vec<u8>,
    content_type: &'static str,
}

pub(crate) fn letter(text: &str) -> OnDisk {
    OnDisk { bytes: text.as_bytes().to_vec(), content_type: "text/plain" }
}

pub(crate) fn scan(size: usize) -> OnDisk {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((bytes.len()..size).map(|at| (at * 7 % 251) as u8));
    OnDisk { bytes, content_type: "application/pdf" }
}

impl OnDisk {
    fn request(&self, referral: &str) -> CreateAttachmentRequest {
        let sha256 = Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let file = File { content_type: self.content_type.to_owned(), size_bytes: self.bytes.len() as i64, sha256 };
        of_content(referral, attachment::Content::File(file))
    }

    pub(crate) async fn is_announced_by(&self, who: &By<'_>, referral: &str) -> Said<Attachment> {
        create(who, self.request(referral)).await
    }

    /// From where the upload stands to the end.
    pub(crate) async fn is_uploaded_by(&self, who: &By<'_>, name: &str) -> Said<Attachment> {
        let mut sending = Sending::begins(who, name).await?;
        let mut at = match sending.hears().await? {
            Heard::CommittedOffset(at) => at as usize,
            Heard::Receipt(stored) => return Ok(stored),
        };
        while at < self.bytes.len() {
            let end = self.bytes.len().min(at + (256 << 10));
            sending.sends(at as i64, &self.bytes[at..end]).await;
            at = end;
        }
        loop {
            if let Heard::Receipt(stored) = sending.hears().await? {
                return Ok(stored);
            }
        }
    }
}

fn of_content(referral: &str, content: attachment::Content) -> CreateAttachmentRequest {
    CreateAttachmentRequest {
        parent: referral.to_owned(),
        attachment: Some(Attachment {
            title: "what the nurse saw".to_owned(),
            content: Some(content),
            ..Attachment::default()
        }),
        request_id: request_id(),
        ..CreateAttachmentRequest::default()
    }
}

async fn create(who: &By<'_>, request: CreateAttachmentRequest) -> Said<Attachment> {
    who.0.referrals(who.1).create_attachment(request).await.map(tonic::Response::into_inner)
}

async fn stands_at(who: &By<'_>, name: &str) -> Said<i64> {
    let request = GetAttachmentUploadRequest { name: name.to_owned() };
    who.0.referrals(who.1).get_attachment_upload(request).await.map(|found| found.into_inner().committed_offset)
}

/// An upload that is open.
struct Sending {
    requests: tokio::sync::mpsc::Sender<UploadAttachmentRequest>,
    answers: Streaming<UploadAttachmentResponse>,
}

impl Sending {
    async fn begins(who: &By<'_>, name: &str) -> Said<Sending> {
        let (requests, stream) = tokio::sync::mpsc::channel(4);
        let start = Asked::Start(AttachmentStart { name: name.to_owned() });
        requests.send(UploadAttachmentRequest { message: Some(start) }).await.unwrap();
        let stream = tokio_stream::wrappers::ReceiverStream::new(stream);
        let answers = soon(who.0.referrals(who.1).upload_attachment(stream)).await?.into_inner();
        Ok(Sending { requests, answers })
    }

    /// A server that has heard enough takes no more: what it says tells why.
    async fn sends(&self, offset: i64, data: &[u8]) {
        let chunk = Asked::Chunk(AttachmentChunk { offset, data: data.to_vec().into() });
        let _ = self.requests.send(UploadAttachmentRequest { message: Some(chunk) }).await;
    }

    async fn hears(&mut self) -> Said<Heard> {
        let heard = soon(self.answers.message()).await?.expect("an answer before the end");
        Ok(heard.message.expect("an answer that says something"))
    }
}

/// The attachment as it is told with its bytes, and the bytes.
pub(crate) async fn downloaded_by(who: &By<'_>, name: &str) -> Said<(Attachment, Vec<u8>)> {
    let request = DownloadAttachmentRequest { name: name.to_owned() };
    let mut stream = who.0.referrals(who.1).download_attachment(request).await?.into_inner();
    let first = soon(stream.message()).await?.unwrap().message;
    let Some(download_attachment_response::Message::Attachment(attachment)) = first else { panic!("{first:?}") };
    let mut bytes = Vec::new();
    while let Some(next) = soon(stream.message()).await? {
        let Some(download_attachment_response::Message::Data(data)) = next.message else { panic!("bytes") };
        bytes.extend(data);
    }
    Ok((attachment, bytes))
}

on_both!(a_file_is_announced_uploaded_and_downloaded_by_the_other_side, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.refers(patient, to_hospital()).await;
    let file = scan(700 << 10);
    let announced = file.is_announced_by(&nurse, &referral.name).await.unwrap();
    assert!(announced.name.starts_with(&format!("{}/attachments/", referral.name)));
    assert_eq!(nurse.gets(&referral.name).await.unwrap().attachments, std::slice::from_ref(&announced));
    let stored = file.is_uploaded_by(&nurse, &announced.name).await.unwrap();
    assert_eq!(stored.state(), AttachmentState::Stored);
    let (told, bytes) = downloaded_by(&By(&world, "specialist"), &stored.name).await.unwrap();
    assert_eq!((told, bytes == file.bytes), (stored.clone(), true));
    // The referral has changed with it, and its other side hears of it.
    let now = nurse.gets(&referral.name).await.unwrap();
    assert_ne!(now.etag, referral.etag);
    assert_eq!(now.history.last().unwrap().verb, "attach");
    let event = events(&world).await.pop().unwrap();
    assert_eq!((event.r#type.as_str(), &event.subject), ("AttachmentStored", &stored.name));
    assert_eq!(event.organisations.len(), 2);
    // Repeating it gives the receipt again.
    assert_eq!(file.is_uploaded_by(&nurse, &stored.name).await.unwrap(), stored);
    assert_eq!(stands_at(&nurse, &stored.name).await.unwrap(), file.bytes.len() as i64);
});

on_both!(an_upload_that_breaks_off_goes_on_where_it_stood, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let file = scan(600 << 10);
    let name = file.is_announced_by(&nurse, &referral).await.unwrap().name;
    assert_eq!(stands_at(&nurse, &name).await.unwrap(), 0);
    let mut sending = Sending::begins(&nurse, &name).await.unwrap();
    assert_eq!(sending.hears().await.unwrap(), Heard::CommittedOffset(0));
    sending.sends(0, &file.bytes[..200 << 10]).await;
    let Sending { requests, mut answers } = sending;
    drop(requests);
    refused(soon(answers.message()).await, Code::Unavailable, "UPLOAD_INCOMPLETE");
    assert_eq!(stands_at(&nurse, &name).await.unwrap(), 200 << 10);
    let stored = file.is_uploaded_by(&nurse, &name).await.unwrap();
    assert_eq!(stored.state(), AttachmentState::Stored);
    assert_eq!(downloaded_by(&nurse, &name).await.unwrap().1, file.bytes);
    let left = world.objects.list("attachment-uploads").await.unwrap();
    assert!(left.is_empty(), "{left:?}");
});

on_both!(a_file_that_is_not_what_it_was_said_to_be_is_refused_for_good, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(patient, to_hospital()).await.unwrap();
    for content_type in ["application/pdf", "image/jpeg", "image/png"] {
        let file = OnDisk { content_type, ..letter("just words") };
        let name = file.is_announced_by(&nurse, &referral.name).await.unwrap().name;
        for _ in 0..2 {
            refused(file.is_uploaded_by(&nurse, &name).await, Code::InvalidArgument, "ATTACHMENT_REFUSED");
        }
        refused(downloaded_by(&nurse, &name).await, Code::FailedPrecondition, "ATTACHMENT_NOT_STORED");
    }
    let seen = nurse.gets(&referral.name).await.unwrap();
    assert!(seen.attachments.iter().all(|attachment| attachment.state() == AttachmentState::Refused));
    assert_eq!((seen.attachments.len(), seen.etag), (3, referral.etag), "nothing was attached");
    assert!(world.objects.list("attachments").await.unwrap().is_empty());
});

on_both!(bytes_that_are_not_those_announced_are_dropped_and_may_come_again, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let name = letter("these words").is_announced_by(&nurse, &referral).await.unwrap().name;
    let other = letter("those words").is_uploaded_by(&nurse, &name).await;
    refused(other, Code::DataLoss, "DIGEST_MISMATCH");
    letter("these words").is_uploaded_by(&nurse, &name).await.unwrap();
});

on_both!(what_is_announced_has_to_be_of_a_type_that_is_taken, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let program = OnDisk { content_type: "application/x-dosexec", ..letter("MZ") };
    let refused = refusal(program.is_announced_by(&nurse, &referral).await);
    assert_eq!(refused.fields, ["attachment.file.content_type"]);
    let mut huge = scan(100).request(&referral);
    if let Some(attachment::Content::File(file)) = &mut huge.attachment.as_mut().unwrap().content {
        file.size_bytes = (32 << 20) + 1;
    }
    assert_eq!(refusal(create(&nurse, huge).await).fields, ["attachment.file.size_bytes"]);
});

on_both!(only_the_person_who_announced_a_file_uploads_it, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let referral = nurse.refers(patient, to_hospital()).await.name;
    let file = letter("words");
    let name = file.is_announced_by(&nurse, &referral).await.unwrap().name;
    refused(stands_at(&specialist, &name).await, Code::PermissionDenied, "UPLOAD_NOT_YOURS");
    refused(file.is_uploaded_by(&specialist, &name).await, Code::PermissionDenied, "UPLOAD_NOT_YOURS");
    let outsider = By(&world, "outsider");
    refused(file.is_uploaded_by(&outsider, &name).await, Code::PermissionDenied, "NO_RELATION");
    refused(downloaded_by(&outsider, &name).await, Code::PermissionDenied, "NO_RELATION");
    // The practice has a relation to the patient, and no part in the referral.
    let gp = By(&world, "gp");
    refused(file.is_announced_by(&gp, &referral).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    refused(downloaded_by(&gp, &name).await, Code::NotFound, "RESOURCE_NOT_FOUND");
});

on_both!(nothing_is_attached_to_what_has_ended, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.refers(patient, to_hospital()).await.name;
    let file = letter("words");
    let name = file.is_announced_by(&nurse, &referral).await.unwrap().name;
    nurse.withdraws(&referral, "closed").await.unwrap();
    let late = refused(file.is_announced_by(&nurse, &referral).await, Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
    assert_eq!((late["verb"].as_str(), late["state"].as_str()), ("attach", "REFERRAL_STATE_REVOKED"));
    refused(file.is_uploaded_by(&nurse, &name).await, Code::FailedPrecondition, "REFERRAL_WRONG_STATE");
});

on_both!(an_announcement_is_safe_to_repeat_and_its_id_is_taken_once, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let referral = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let request = CreateAttachmentRequest { attachment_id: UNKNOWN.to_owned(), ..letter("words").request(&referral) };
    let first = create(&nurse, request.clone()).await.unwrap();
    assert_eq!(first.name, format!("{referral}/attachments/{UNKNOWN}"));
    assert_eq!(create(&nurse, request.clone()).await.unwrap(), first);
    let another = CreateAttachmentRequest { request_id: request_id(), ..request.clone() };
    refused(create(&nurse, another).await, Code::AlreadyExists, "ATTACHMENT_EXISTS");
    let reused = CreateAttachmentRequest { attachment_id: String::new(), ..request };
    refused(create(&nurse, reused).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
});

on_both!(an_answer_and_a_letter_name_stored_attachments_of_their_own_referral, |world| async move {
    let patient = world.citizen_with_consent().await;
    let (nurse, specialist) = (By(&world, "nurse"), By(&world, "specialist"));
    let name = received(&world, patient).await;
    let elsewhere = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let file = letter("words");
    let announced = file.is_announced_by(&nurse, &name).await.unwrap().name;
    let of_another = file.is_announced_by(&nurse, &elsewhere).await.unwrap().name;
    specialist.asks(&name, "more?").await.unwrap();
    for foreign in [of_another, format!("{name}/attachments/{UNKNOWN}")] {
        assert_eq!(refusal(nurse.answers(&name, "here", vec![foreign]).await).fields, ["attachments"]);
    }
    let early = nurse.answers(&name, "here", vec![announced.clone()]).await;
    let told = refused(early, Code::FailedPrecondition, "ATTACHMENT_NOT_STORED");
    assert_eq!(told["attachment"], announced);
    assert_eq!(nurse.gets(&name).await.unwrap().supplements[0].answer, "", "the refused answer left nothing");
    file.is_uploaded_by(&nurse, &announced).await.unwrap();
    nurse.answers(&name, "here", vec![announced.clone()]).await.unwrap();
    specialist.accepts(&name, "").await.unwrap();
    let completed = specialist.completes(&name, "healed", vec![announced.clone()]).await.unwrap();
    assert_eq!(completed.discharge_letter.unwrap().attachments, [announced]);
});

on_both!(a_photo_has_to_be_a_stored_one_of_the_referrals_wound, |world| async move {
    let patient = world.citizen_with_consent().await;
    let nurse = By(&world, "nurse");
    let wound = nurse.opens_wound(patient).await;
    let with_wound = nurse.creates(patient, Referral { wound: wound.clone(), ..to_hospital() }).await.unwrap().name;
    let without = nurse.creates(patient, to_hospital()).await.unwrap().name;
    let photo = stored_photo(&world, &wound).await;
    let tie = async |referral: &str, photo: &str| {
        create(&nurse, of_content(referral, attachment::Content::Photo(photo.to_owned()))).await
    };
    let unknown = format!("{wound}/visits/{UNKNOWN}/photos/{UNKNOWN}");
    refused(tie(&with_wound, &unknown).await, Code::FailedPrecondition, "PHOTO_NOT_OF_WOUND");
    refused(tie(&without, &photo).await, Code::FailedPrecondition, "PHOTO_NOT_OF_WOUND");
    let tied = tie(&with_wound, &photo).await.unwrap();
    assert_eq!(tied.state(), AttachmentState::Stored, "from the beginning");
    assert_eq!(tied.content, Some(attachment::Content::Photo(photo.clone())));
    let seen = nurse.gets(&with_wound).await.unwrap();
    assert_eq!((&seen.attachments, seen.history.last().unwrap().verb.as_str()), (&vec![tied.clone()], "attach"));
    let told = refused(downloaded_by(&nurse, &tied.name).await, Code::FailedPrecondition, "ATTACHMENT_IS_PHOTO");
    assert_eq!(told["photo"], photo);
});

/// A photo of a wound, taken and uploaded by the nurse.
async fn stored_photo(world: &World, wound: &str) -> String {
    use samspil_proto::wound::v1::{
        CreateVisitRequest, Findings, Photo, UploadChunk, UploadPhotoRequest, UploadStart, Visit, upload_photo_request,
        upload_photo_response,
    };
    let scene = samspil_phantom::Scene { width: 320, height: 240, ..samspil_phantom::Scene::visit(1, 0) };
    let bytes = samspil_phantom::photograph(&scene, &samspil_phantom::Metadata::default()).0;
    let time = wire("2026-11-18T07:50:00Z");
    let photo = Photo {
        photo_id: request_id(),
        size_bytes: bytes.len() as i64,
        sha256: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        capture_time: time,
        ..Photo::default()
    };
    let visit = Visit {
        visit_time: time,
        findings: Some(Findings { note: "red".to_owned(), ..Findings::default() }),
        photos: vec![photo],
        ..Visit::default()
    };
    let request = CreateVisitRequest {
        parent: wound.to_owned(),
        visit_id: request_id(),
        visit: Some(visit),
        request_id: request_id(),
    };
    let visit = world.wounds("nurse").create_visit(request).await.unwrap().into_inner();
    let name = visit.photos[0].name.clone();
    let start = upload_photo_request::Message::Start(UploadStart { name: name.clone() });
    let chunk = upload_photo_request::Message::Chunk(UploadChunk { offset: 0, data: bytes.into() });
    let messages = [start, chunk].map(|message| UploadPhotoRequest { message: Some(message) });
    let mut answers = world.wounds("nurse").upload_photo(tokio_stream::iter(messages)).await.unwrap().into_inner();
    while let Some(answer) = soon(answers.message()).await.unwrap() {
        if let Some(upload_photo_response::Message::Receipt(_)) = answer.message {
            return name;
        }
    }
    panic!("the photo was not stored");
}
