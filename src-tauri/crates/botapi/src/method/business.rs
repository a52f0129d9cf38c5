//! Business connections (A6).

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::id::{Author, MessageId, Place};

use super::{Request, edit};

pub(super) fn get(request: &mut Request<'_>) -> Outcome {
    let id = request.parameters.text("business_connection_id");
    let connection = request.connection(&id)?;
    Ok(request.state.connection_json(connection))
}

pub(super) fn read(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let Place::Business {
        connection,
        customer,
    } = place
    else {
        return Err(Failure::bad("business connection not found"));
    };
    let known = request.connection(&connection.to_string())?;
    request.business_right(known, known.rights.can_read_messages)?;
    request.wrote_lately(known, customer)?;
    let id = MessageId(request.parameters.number("message_id"));
    if request.message(place, id).is_none() {
        return Err(Failure::bad("message not found"));
    }
    if let Some(known) = request.state.connections.get_mut(&connection) {
        known.read.insert(customer, id);
    }
    *request.changed = true;
    Ok(json!(true))
}

pub(super) fn delete(request: &mut Request<'_>) -> Outcome {
    let id = request.parameters.text("business_connection_id");
    let known = request.connection(&id)?;
    request.business_right(known, known.rights.can_delete_sent_messages)?;
    let connection = known.id;
    let given = request.parameters.json("message_ids", "message_ids")?;
    let Some(Value::Array(ids)) = given else {
        return Err(Failure::bad("message identifiers are not specified"));
    };
    // All are of one chat; the call does not name it (deleteBusinessMessages).
    for id in ids.iter().filter_map(Value::as_i64).map(MessageId) {
        let places = request.state.rooms.iter().filter_map(|(place, room)| {
            let of_it = matches!(place, Place::Business { connection: theirs, .. } if *theirs == connection);
            let message = room.messages.get(&id).filter(|_| of_it)?;
            let sent = matches!(message.from, Author::Business { .. });
            sent.then_some(*place)
        });
        let places: Vec<Place> = places.collect();
        for place in places {
            edit::remove(request, place, id);
        }
    }
    Ok(json!(true))
}
