package idserver.wire;

/**
 * What {@link RequestDecoder} made of some bytes; every input has exactly one of these outcomes.
 */
public sealed interface Decoded
    permits WireRequest,
        RepeatableRequest,
        DatedWireRequest,
        SettleWireRequest,
        BadRequest,
        NotAnObject {}
