package io.sqleventstore.rivals;

import java.nio.charset.StandardCharsets;
import org.axonframework.serialization.Converter;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;

/** Stores a document's text as it is, since no other subject maps objects; Jackson, which Axon recommends, does the metadata. */
final class DocumentSerializer implements Serializer {
    private static final String TYPE = String.class.getName();

    private final Serializer jackson = JacksonSerializer.defaultSerializer();

    @Override
    public <T> SerializedObject<T> serialize(@Nullable Object object, Class<T> representation) {
        if (object instanceof String text) {
            T bytes = representation.cast(text.getBytes(StandardCharsets.UTF_8));
            return new SimpleSerializedObject<>(bytes, representation, typeForClass(String.class));
        }
        return jackson.serialize(object, representation);
    }

    @Override
    public <T> boolean canSerializeTo(Class<T> representation) {
        return representation.equals(byte[].class);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // as in the interface; the type's name says what it is
    public <S, T> T deserialize(SerializedObject<S> serialized) {
        if (serialized.getType().getName().equals(TYPE) && serialized.getData() instanceof byte[] bytes) {
            return (T) new String(bytes, StandardCharsets.UTF_8);
        }
        return jackson.deserialize(serialized);
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public Class classForType(SerializedType type) {
        return type.getName().equals(TYPE) ? String.class : jackson.classForType(type);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public SerializedType typeForClass(@Nullable Class type) {
        return jackson.typeForClass(type);
    }

    @Override
    public Converter getConverter() {
        return jackson.getConverter();
    }
}
