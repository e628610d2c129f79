package idserver.config;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, asked for one by one. What is wrong with a member is noted as a
 * fault, and a value that fits is answered in its place so that the reading goes on; members nobody
 * asked for are faults as well. Confined to one thread.
 */
final class Members {
  private final JsonObject object;
  private final String path;
  private final List<String> faults;
  private final Set<String> known = new HashSet<>();
  private String whose = "";

  Members(JsonObject object, String path, List<String> faults) {
    this.object = object;
    this.path = path;
    this.faults = faults;
  }

  /** Has the faults of this object say whose they are. */
  void belongsTo(String whose) {
    this.whose = " (" + whose + ")";
  }

  boolean has(String key) {
    known.add(key);
    return object.containsKey(key);
  }

  /** A number from {@code least} to {@code most}. */
  int number(String key, int byDefault, int least, int most) {
    JsonValue value = value(key);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof JsonNumber number && number.isIntegral()) {
      long n;
      try {
        n = number.longValueExact();
      } catch (ArithmeticException e) {
        n = Long.MAX_VALUE;
      }
      if (n >= least && n <= most) {
        return (int) n;
      }
    }
    fault(key, "must be a whole number from " + least + " to " + most, value);
    return byDefault;
  }

  /** A number above 0 and below 1. */
  double share(String key, double byDefault) {
    JsonValue value = value(key);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof JsonNumber number
        && number.doubleValue() > 0
        && number.doubleValue() < 1) {
      return number.doubleValue();
    }
    fault(key, "must be a number above 0 and below 1, such as 0.9", value);
    return byDefault;
  }

  /** True or false. */
  boolean flag(String key, boolean byDefault) {
    JsonValue value = value(key);
    if (value == null) {
      return byDefault;
    }
    if (value.getValueType() == JsonValue.ValueType.TRUE) {
      return true;
    }
    if (value.getValueType() != JsonValue.ValueType.FALSE) {
      fault(key, "must be true or false", value);
      return byDefault;
    }
    return false;
  }

  /** A string that is not empty. */
  String text(String key, @Nullable String byDefault) {
    String text = textOrEmpty(key, byDefault);
    if (text.isEmpty() && object.containsKey(key) && object.get(key) instanceof JsonString) {
      fault(key, "must not be empty", object.get(key));
    }
    return text;
  }

  /** A string; missing is a fault where there is no default. */
  String textOrEmpty(String key, @Nullable String byDefault) {
    JsonValue value = value(key);
    if (value instanceof JsonString string) {
      return string.getString();
    }
    if (value != null) {
      fault(key, "must be a string", value);
    } else if (byDefault == null) {
      faults.add(path + key + ": is missing" + whose);
    }
    return byDefault == null ? "" : byDefault;
  }

  /** The members of an object, or null when there is none. */
  @Nullable Members object(String key) {
    JsonValue value = value(key);
    if (value instanceof JsonObject inner) {
      return new Members(inner, path + key + ".", faults);
    }
    if (value != null) {
      // not the value: it may be a URL with a password
      faults.add(path + key + ": must be an object");
    }
    return null;
  }

  /** The objects in an array. */
  List<Members> objects(String key) {
    JsonValue value = value(key);
    List<Members> objects = new ArrayList<>();
    if (value instanceof JsonArray array && !array.isEmpty()) {
      for (int i = 0; i < array.size(); i++) {
        String place = path + key + "[" + i + "]";
        if (array.get(i) instanceof JsonObject inner) {
          objects.add(new Members(inner, place + ".", faults));
        } else {
          faults.add(place + ": must be an object: " + array.get(i));
        }
      }
    } else if (value == null) {
      faults.add(path + key + ": is missing");
    } else {
      fault(key, "must be an array of at least one object", value);
    }
    return objects;
  }

  /** Notes a member's fault: the key, what it must be and what it is. */
  void fault(String key, String rule, @Nullable JsonValue value) {
    String shown = "password".equals(key) ? "***" : String.valueOf(value);
    faults.add(path + key + ": " + rule + ": " + shown + whose);
  }

  /** Notes a fault of a member whose value is a string. */
  void faultOf(String key, String rule) {
    fault(key, rule, object.get(key));
  }

  /** Notes every member that nobody has asked for. */
  void refuseUnknown() {
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        faults.add(path + key + ": is not a known key; known are " + sorted(known) + whose);
      }
    }
  }

  private static String sorted(Set<String> keys) {
    return String.join(", ", keys.stream().sorted().toList());
  }

  private @Nullable JsonValue value(String key) {
    known.add(key);
    return object.get(key);
  }
}
