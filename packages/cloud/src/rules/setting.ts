/** Single values that the whole cloud shares. */
export interface SettingStore {
  get(key: string): Promise<string | undefined>;
  /** Keeps `value` unless the key has one already. @returns What is kept now. */
  getOrCreate(key: string, value: string): Promise<string>;
  set(key: string, value: string): Promise<void>;
}
